import { Trans } from "@lingui/react/macro";
import { IconFileInvoice } from "@tabler/icons-react";
import type { CreditNoteRow, InvoiceRow, QuoteRow } from "../billing/rows";
import { EmptyState } from "../states/EmptyState";
import { Card } from "../theme/Card";
import { MyCreditNoteRow, MyInvoiceRow, MyQuoteRow } from "./MyMoneyRow";

const newest = <Row extends { createdAt: string }>(rows: Row[]) => [...rows].sort((a, b) => b.createdAt.localeCompare(a.createdAt));

interface Props {
    quotes: QuoteRow[];
    invoices: InvoiceRow[];
    creditNotes: CreditNoteRow[];
}

/** The quotes and invoices of a client: first what waits for them. */
export function MyMoney({ quotes, invoices, creditNotes }: Props) {
    const open = quotes.filter(({ status, expired }) => status === "ISSUED" && !expired);
    const unpaid = invoices
        .filter(({ status }) => status === "ISSUED" || status === "PARTIALLY_PAID")
        .sort((a, b) => (a.dueOn ?? "").localeCompare(b.dueOn ?? ""));
    const settled = newest(invoices.filter(({ status }) => status === "PAID"));
    const answered = newest(quotes.filter((quote) => !open.includes(quote)));
    if (quotes.length + invoices.length + creditNotes.length === 0) {
        return (
            <Card>
                <EmptyState icon={IconFileInvoice} title={<Trans>No quotes and no invoices yet.</Trans>} />
            </Card>
        );
    }
    return (
        <>
            {open.length > 0 && (
                <Card title={<Trans>Quotes that wait for your answer</Trans>}>
                    {open.map((quote) => (
                        <MyQuoteRow key={quote.id} quote={quote} />
                    ))}
                </Card>
            )}
            {unpaid.length > 0 && (
                <Card title={<Trans>To be paid</Trans>}>
                    {unpaid.map((invoice) => (
                        <MyInvoiceRow key={invoice.id} invoice={invoice} />
                    ))}
                </Card>
            )}
            {settled.length > 0 && (
                <Card title={<Trans>Settled invoices</Trans>}>
                    {settled.map((invoice) => (
                        <MyInvoiceRow key={invoice.id} invoice={invoice} />
                    ))}
                </Card>
            )}
            {creditNotes.length > 0 && (
                <Card title={<Trans>Credit notes</Trans>}>
                    {newest(creditNotes).map((creditNote) => (
                        <MyCreditNoteRow key={creditNote.id} creditNote={creditNote} />
                    ))}
                </Card>
            )}
            {answered.length > 0 && (
                <Card title={<Trans>Earlier quotes</Trans>}>
                    {answered.map((quote) => (
                        <MyQuoteRow key={quote.id} quote={quote} />
                    ))}
                </Card>
            )}
        </>
    );
}
