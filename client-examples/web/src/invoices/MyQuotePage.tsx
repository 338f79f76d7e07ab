import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconFileOff } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { AnswerDialog } from "../billing/AnswerDialog";
import { formatDay } from "../billing/format";
import { QUOTE, type Quote } from "../billing/queries";
import { QuoteSheet } from "../billing/QuoteSheet";
import { QuoteStatus } from "../billing/StatusBadge";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { formatDate, formatMoney } from "../text/format";
import { Card } from "../theme/Card";
import card from "../theme/Card.module.css";
import { DocumentHead } from "./DocumentHead";
import classes from "./MyInvoices.module.css";

const route = getRouteApi("/app/portal/quotes/$quoteId");

/** A quote of the client, which they can accept or refuse. */
export function MyQuotePage() {
    const { quoteId: id } = route.useParams();
    const [{ data, error }, read] = useQuery({ query: QUOTE, variables: { id } });
    const [answer, setAnswer] = useState<"ACCEPT" | "REFUSE">();
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    const { quote, viewer } = data;
    if (!quote) return <EmptyState icon={IconFileOff} title={<Trans>This quote does not exist, or you cannot see it.</Trans>} />;
    const { title, total, viewerCan, invoice, refusalReason } = quote;
    return (
        <>
            <DocumentHead>{title}</DocumentHead>
            <section className={classes.state}>
                <div>
                    <span className={`figures ${classes.amount}`}>{formatMoney(total)}</span>
                    <span className={classes.detail}>
                        <State quote={quote} />
                    </span>
                </div>
                <QuoteStatus quote={quote} />
            </section>
            {refusalReason && <p className={classes.reason}>{refusalReason}</p>}
            <QuoteSheet quote={quote} seller={viewer?.organization} />
            {(viewerCan.includes("ACCEPT") || viewerCan.includes("REFUSE")) && (
                <div className={classes.answer}>
                    {viewerCan.includes("REFUSE") && (
                        <Button size="md" variant="default" onClick={() => setAnswer("REFUSE")}>
                            <Trans>Refuse</Trans>
                        </Button>
                    )}
                    {viewerCan.includes("ACCEPT") && (
                        <Button size="md" onClick={() => setAnswer("ACCEPT")}>
                            <Trans>Accept</Trans>
                        </Button>
                    )}
                </div>
            )}
            {invoice && (
                <div className={classes.beside}>
                    <Card>
                        <Link to="/portal/invoices/$invoiceId" params={{ invoiceId: invoice.id }} className={card.row}>
                            <Trans>Invoice {invoice.number}</Trans>
                        </Link>
                    </Card>
                </div>
            )}
            {answer && <AnswerDialog quote={quote} answer={answer} onClose={() => setAnswer(undefined)} />}
        </>
    );
}

function State({ quote: { status, expired, validUntil, decidedAt } }: { quote: Quote }) {
    if (expired) return <Trans>Was valid until {validUntil && formatDay(validUntil)}. Ask the agency for a new one.</Trans>;
    if (status === "ISSUED") return <Trans>Waits for your answer until {validUntil && formatDay(validUntil)}</Trans>;
    if (status === "ACCEPTED") return <Trans>Accepted on {decidedAt && formatDate(decidedAt)}</Trans>;
    return <Trans>Refused on {decidedAt && formatDate(decidedAt)}</Trans>;
}
