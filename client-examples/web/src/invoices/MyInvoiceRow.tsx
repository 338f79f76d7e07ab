import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { formatDay } from "../billing/format";
import type { InvoiceRow } from "../billing/rows";
import { InvoiceStatus } from "../billing/StatusBadge";
import { formatMoney } from "../text/format";
import card from "../theme/Card.module.css";
import classes from "./MyInvoices.module.css";

/** An invoice of the portal, with what is due or its total. */
export function MyInvoiceRow({ invoice }: { invoice: InvoiceRow }) {
    const { id, number, title, amountDue, total, dueOn, status } = invoice;
    return (
        <Link to="/portal/invoices/$invoiceId" params={{ invoiceId: id }} className={card.row}>
            <span className={card.text}>
                <span className={`truncate ${card.title}`}>{title}</span>
                <span className={card.meta}>
                    {status !== "PAID" && dueOn ? <Trans>Invoice, due {formatDay(dueOn)}</Trans> : <Trans>Invoice {number}</Trans>}
                </span>
            </span>
            <span className={classes.end}>
                <span className={`figures ${card.title}`}>{formatMoney(status === "PAID" ? total : amountDue)}</span>
                <InvoiceStatus invoice={invoice} />
            </span>
        </Link>
    );
}
