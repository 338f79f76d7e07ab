import { Trans } from "@lingui/react/macro";
import { IconFileOff } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import { CreditNoteSheet } from "../billing/CreditNoteSheet";
import { CREDIT_NOTE } from "../billing/queries";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { Card } from "../theme/Card";
import card from "../theme/Card.module.css";
import { DocumentHead } from "./DocumentHead";
import classes from "./MyInvoices.module.css";

const route = getRouteApi("/app/portal/credit-notes/$creditNoteId");

/** A credit note of the client. */
export function MyCreditNotePage() {
    const { creditNoteId: id } = route.useParams();
    const [{ data, error }, read] = useQuery({ query: CREDIT_NOTE, variables: { id } });
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    const { creditNote, viewer } = data;
    if (!creditNote) return <EmptyState icon={IconFileOff} title={<Trans>This credit note does not exist, or you cannot see it.</Trans>} />;
    const { title, invoice } = creditNote;
    return (
        <>
            <DocumentHead>{title}</DocumentHead>
            <CreditNoteSheet creditNote={creditNote} seller={viewer?.organization} />
            {invoice && (
                <div className={classes.beside}>
                    <Card>
                        <Link to="/portal/invoices/$invoiceId" params={{ invoiceId: invoice.id }} className={card.row}>
                            <Trans>Invoice {invoice.number}</Trans>
                        </Link>
                    </Card>
                </div>
            )}
        </>
    );
}
