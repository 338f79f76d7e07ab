import { Trans, useLingui } from "@lingui/react/macro";
import { IconFileOff } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import { formatDay } from "../billing/format";
import { InvoiceSheet } from "../billing/InvoiceSheet";
import { METHODS } from "../billing/methods";
import { INVOICE, type Invoice } from "../billing/queries";
import { InvoiceStatus } from "../billing/StatusBadge";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { formatMoney } from "../text/format";
import { Card } from "../theme/Card";
import card from "../theme/Card.module.css";
import { DocumentHead } from "./DocumentHead";
import { MyCreditNoteRow } from "./MyMoneyRow";
import classes from "./MyInvoices.module.css";

const route = getRouteApi("/app/portal/invoices/$invoiceId");

/** An invoice of the client: first what is due and until when. */
export function MyInvoicePage() {
    const { invoiceId: id } = route.useParams();
    const [{ data, error }, read] = useQuery({ query: INVOICE, variables: { id } });
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    const { invoice, viewer } = data;
    if (!invoice) return <EmptyState icon={IconFileOff} title={<Trans>This invoice does not exist, or you cannot see it.</Trans>} />;
    const { title, status, overdue, dueOn, amountDue, total, creditNotes, quote } = invoice;
    const isSettled = status === "PAID";
    return (
        <>
            <DocumentHead>{title}</DocumentHead>
            <section className={classes.state} data-overdue={overdue}>
                <div>
                    <span className={`figures ${classes.amount}`}>{formatMoney(isSettled ? total : amountDue)}</span>
                    <span className={classes.detail}>
                        {isSettled ? (
                            <Trans>Nothing is left to pay.</Trans>
                        ) : overdue ? (
                            <Trans>Was due on {dueOn && formatDay(dueOn)}</Trans>
                        ) : (
                            <Trans>To be paid by {dueOn && formatDay(dueOn)}</Trans>
                        )}
                    </span>
                </div>
                <InvoiceStatus invoice={invoice} />
            </section>
            <InvoiceSheet invoice={invoice} seller={viewer?.organization} />
            <div className={classes.beside}>
                <MyPayments payments={invoice.payments.nodes} />
                {creditNotes.nodes.length > 0 && (
                    <Card title={<Trans>Credit notes</Trans>}>
                        {creditNotes.nodes.map((creditNote) => (
                            <MyCreditNoteRow key={creditNote.id} creditNote={creditNote} />
                        ))}
                    </Card>
                )}
                {quote && (
                    <Card>
                        <Link to="/portal/quotes/$quoteId" params={{ quoteId: quote.id }} className={card.row}>
                            <Trans>Your accepted quote {quote.number}</Trans>
                        </Link>
                    </Card>
                )}
            </div>
        </>
    );
}

function MyPayments({ payments }: { payments: Invoice["payments"]["nodes"] }) {
    const { i18n } = useLingui();
    if (payments.length === 0) return null;
    return (
        <Card title={<Trans>Payments</Trans>}>
            {payments.map(({ id, amount, method, receivedOn, reverses, reason }) => (
                <div key={id} className={card.row}>
                    <span className={card.text}>
                        <span>{reverses ? <Trans>Reversal</Trans> : i18n._(METHODS[method])}</span>
                        <span className={card.meta}>{[formatDay(receivedOn), reason].filter(Boolean).join(" · ")}</span>
                    </span>
                    <span className={`figures ${card.title}`}>{amount && formatMoney(amount)}</span>
                </div>
            ))}
        </Card>
    );
}
