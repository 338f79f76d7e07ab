import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { formatDay } from "../billing/format";
import type { InvoiceRow, Money } from "../billing/rows";
import { InvoiceStatus } from "../billing/StatusBadge";
import { formatMoney } from "../text/format";
import classes from "./Money.module.css";
import { MoneyRow } from "./MoneyRow";

interface Props {
    invoice: InvoiceRow;
    selected?: boolean;
    /** Whether the dossier is clear without its name. */
    hideClient?: boolean;
    /** The amount that the list is about. The default is what is due, or else the total. */
    amount?: Money;
    search?: object;
}

/** An invoice in a list of the hub. */
export function InvoiceLink({ invoice, selected = false, hideClient = false, amount, search }: Props) {
    const { id, number, title, client, dueOn, status, amountDue, total } = invoice;
    const isDue = status === "ISSUED" || status === "PARTIALLY_PAID";
    return (
        <Link
            to="/money/invoices/$invoiceId"
            params={{ invoiceId: id }}
            search={search ?? ((now: object) => now)}
            className={classes.row}
            data-selected={selected}
        >
            <MoneyRow
                number={number}
                title={title}
                client={hideClient ? undefined : client?.name}
                day={dueOn && <Trans>due {formatDay(dueOn)}</Trans>}
                status={<InvoiceStatus invoice={invoice} />}
                amount={formatMoney(amount ?? (isDue ? amountDue : total))}
            />
        </Link>
    );
}
