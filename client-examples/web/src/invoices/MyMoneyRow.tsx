import { Trans } from "@lingui/react/macro";
import type { ComponentProps, ReactNode } from "react";
import { formatDay } from "../billing/format";
import type { CreditNoteRow, InvoiceRow, Money, QuoteRow } from "../billing/rows";
import { CreditNoteStatus, InvoiceStatus, QuoteStatus } from "../billing/StatusBadge";
import { PortalLink } from "../portal/PortalLink";
import { formatMoney } from "../text/format";
import card from "../theme/Card.module.css";
import classes from "./MyInvoices.module.css";

interface Props {
    target: ComponentProps<typeof PortalLink>["target"];
    title: string;
    meta: ReactNode;
    amount: Money;
    status: ReactNode;
}

const MyMoneyRow = ({ target, title, meta, amount, status }: Props) => (
    <PortalLink target={target} className={card.row}>
        <span className={card.text}>
            <span className={`truncate ${card.title}`}>{title}</span>
            <span className={`${classes.meta} ${card.meta}`}>{meta}</span>
        </span>
        <span className={classes.end}>
            <span className={`figures ${card.title}`}>{formatMoney(amount)}</span>
            {status}
        </span>
    </PortalLink>
);

/** A quote of the portal with its amount. */
export function MyQuoteRow({ quote }: { quote: QuoteRow }) {
    const { id, number, title, status, validUntil, total } = quote;
    return (
        <MyMoneyRow
            target={{ to: "/portal/quotes/$quoteId", params: { quoteId: id } }}
            title={title}
            meta={
                status === "ISSUED" && validUntil ? (
                    <Trans>Quote, valid until {formatDay(validUntil)}</Trans>
                ) : (
                    <Trans>Quote {number}</Trans>
                )
            }
            amount={total}
            status={<QuoteStatus quote={quote} />}
        />
    );
}

/** An invoice of the portal, with what is due or its total. */
export function MyInvoiceRow({ invoice }: { invoice: InvoiceRow }) {
    const { id, number, title, status, dueOn, total, amountDue } = invoice;
    return (
        <MyMoneyRow
            target={{ to: "/portal/invoices/$invoiceId", params: { invoiceId: id } }}
            title={title}
            meta={
                status !== "PAID" && dueOn ? (
                    <Trans>Invoice, due {formatDay(dueOn)}</Trans>
                ) : (
                    <Trans>Invoice {number}</Trans>
                )
            }
            amount={status === "PAID" ? total : amountDue}
            status={<InvoiceStatus invoice={invoice} />}
        />
    );
}

/** A credit note of the portal. */
export function MyCreditNoteRow({ creditNote }: { creditNote: CreditNoteRow }) {
    const { id, number, title, total } = creditNote;
    return (
        <MyMoneyRow
            target={{ to: "/portal/credit-notes/$creditNoteId", params: { creditNoteId: id } }}
            title={title}
            meta={<Trans>Credit note {number}</Trans>}
            amount={total}
            status={<CreditNoteStatus creditNote={creditNote} />}
        />
    );
}
