import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { CreditNoteRow } from "../billing/rows";
import { CreditNoteStatus } from "../billing/StatusBadge";
import { formatMoney } from "../text/format";
import card from "../theme/Card.module.css";
import classes from "./MyInvoices.module.css";

/** A credit note of the portal. */
export function MyCreditNoteRow({ creditNote }: { creditNote: CreditNoteRow }) {
    const { id, number, title, total } = creditNote;
    return (
        <Link to="/portal/credit-notes/$creditNoteId" params={{ creditNoteId: id }} className={card.row}>
            <span className={card.text}>
                <span className={`truncate ${card.title}`}>{title}</span>
                <span className={`truncate ${card.meta}`}>
                    <Trans>Credit note {number}</Trans>
                </span>
            </span>
            <span className={classes.end}>
                <span className={`figures ${card.title}`}>{formatMoney(total)}</span>
                <CreditNoteStatus creditNote={creditNote} />
            </span>
        </Link>
    );
}
