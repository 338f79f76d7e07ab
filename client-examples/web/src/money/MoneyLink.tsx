import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatDay } from "../billing/format";
import type { CreditNoteRow, InvoiceRow, Money, QuoteRow } from "../billing/rows";
import { CreditNoteStatus, InvoiceStatus, QuoteStatus } from "../billing/StatusBadge";
import { formatMoney } from "../text/format";
import classes from "./Money.module.css";

interface Options {
    selected?: boolean;
    /** Whether the dossier is clear without its name. */
    hideClient?: boolean;
    /** The search of the list beside the opened document. The default keeps the present one. */
    search?: object;
}

type Target =
    | { to: "/money/quotes/$quoteId"; params: { quoteId: string } }
    | { to: "/money/invoices/$invoiceId"; params: { invoiceId: string } }
    | { to: "/money/credit-notes/$creditNoteId"; params: { creditNoteId: string } };

interface Props extends Options {
    target: Target;
    row: QuoteRow | InvoiceRow | CreditNoteRow;
    /** The day with its meaning, such as “due on 12 nov. 2026”. */
    day: ReactNode;
    status: ReactNode;
    amount: Money;
}

/** A quote, an invoice or a credit note in a list of the hub. */
const MoneyLink = ({ target, row: { number, title, client }, day, status, amount, selected = false, hideClient = false, search }: Props) => (
    <Link {...target} search={search ?? ((now: object) => now)} className={classes.row} data-selected={selected}>
        <span className={classes.number}>{number}</span>
        <span className={classes.what}>
            <span className={`truncate ${classes.title}`}>{title}</span>
            <span className={`truncate ${classes.client}`}>
                {number && <span className={classes.inlineNumber}>{hideClient || !client ? number : `${number} · `}</span>}
                {!hideClient && client?.name}
            </span>
        </span>
        <span className={classes.day}>{day}</span>
        <span className={classes.status}>{status}</span>
        <span className={`figures ${classes.amount}`}>{formatMoney(amount)}</span>
    </Link>
);

export const QuoteLink = ({ quote, ...options }: { quote: QuoteRow } & Options) => (
    <MoneyLink
        target={{ to: "/money/quotes/$quoteId", params: { quoteId: quote.id } }}
        row={quote}
        day={quote.validUntil && <Trans>valid until {formatDay(quote.validUntil)}</Trans>}
        status={<QuoteStatus quote={quote} />}
        amount={quote.total}
        {...options}
    />
);

interface InvoiceProps extends Options {
    invoice: InvoiceRow;
    /** The amount that the list is about. The default is what is due, or else the total. */
    amount?: Money;
}

export function InvoiceLink({ invoice, amount, ...options }: InvoiceProps) {
    const isDue = invoice.status === "ISSUED" || invoice.status === "PARTIALLY_PAID";
    return (
        <MoneyLink
            target={{ to: "/money/invoices/$invoiceId", params: { invoiceId: invoice.id } }}
            row={invoice}
            day={invoice.dueOn && <Trans>due {formatDay(invoice.dueOn)}</Trans>}
            status={<InvoiceStatus invoice={invoice} />}
            amount={amount ?? (isDue ? invoice.amountDue : invoice.total)}
            {...options}
        />
    );
}

export const CreditNoteLink = ({ creditNote, ...options }: { creditNote: CreditNoteRow } & Options) => (
    <MoneyLink
        target={{ to: "/money/credit-notes/$creditNoteId", params: { creditNoteId: creditNote.id } }}
        row={creditNote}
        day={creditNote.issuedOn && <Trans>issued {formatDay(creditNote.issuedOn)}</Trans>}
        status={<CreditNoteStatus creditNote={creditNote} />}
        amount={creditNote.total}
        {...options}
    />
);
