import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { formatDay } from "../billing/format";
import type { CreditNoteRow } from "../billing/rows";
import { CreditNoteStatus } from "../billing/StatusBadge";
import { formatMoney } from "../text/format";
import classes from "./Money.module.css";
import { MoneyRow } from "./MoneyRow";

interface Props {
    creditNote: CreditNoteRow;
    selected?: boolean;
    hideClient?: boolean;
    search?: object;
}

/** A credit note in a list of the hub. */
export function CreditNoteLink({ creditNote, selected = false, hideClient = false, search }: Props) {
    const { id, number, title, client, issuedOn, total } = creditNote;
    return (
        <Link
            to="/money/credit-notes/$creditNoteId"
            params={{ creditNoteId: id }}
            search={search ?? ((now: object) => now)}
            className={classes.row}
            data-selected={selected}
        >
            <MoneyRow
                number={number}
                title={title}
                client={hideClient ? undefined : client?.name}
                day={issuedOn && <Trans>issued {formatDay(issuedOn)}</Trans>}
                status={<CreditNoteStatus creditNote={creditNote} />}
                amount={formatMoney(total)}
            />
        </Link>
    );
}
