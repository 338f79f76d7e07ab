import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileOff } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useClient, useQuery } from "urql";
import { CreditNoteSheet } from "../billing/CreditNoteSheet";
import { CREDIT_NOTE, ISSUE_CREDIT_NOTE } from "../billing/queries";
import { CreditNoteStatus } from "../billing/StatusBadge";
import { send } from "../graphql/send";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import classes from "./Document.module.css";
import { DocumentBar } from "./DocumentBar";
import { IssueDialog } from "./IssueDialog";

const route = getRouteApi("/app/hub/money/credit-notes/$creditNoteId");

/** A credit note, which can be issued. */
export function CreditNotePage() {
    const { t } = useLingui();
    const { creditNoteId: id } = route.useParams();
    const client = useClient();
    const [opened, dialog] = useDisclosure();
    const [{ data, error }, read] = useQuery({ query: CREDIT_NOTE, variables: { id } });
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    const { creditNote, viewer } = data;
    if (!creditNote) return <EmptyState icon={IconFileOff} title={<Trans>This credit note does not exist, or you cannot see it.</Trans>} />;
    const { invoice, status, revision, viewerCan } = creditNote;
    return (
        <>
            <DocumentBar
                client={creditNote.client}
                status={<CreditNoteStatus creditNote={creditNote} />}
                note={
                    status === "DRAFT" && (
                        <Text span fz={12} c="dimmed">
                            <Trans>The invoice does not count it yet.</Trans>
                        </Text>
                    )
                }
            >
                {viewerCan.includes("ISSUE") && (
                    <Button size="xs" onClick={dialog.open}>
                        <Trans>Issue</Trans>
                    </Button>
                )}
            </DocumentBar>
            <div className={classes.desk}>
                <CreditNoteSheet creditNote={creditNote} seller={viewer?.organization} />
                {invoice && (
                    <section className={classes.beside}>
                        <div className={classes.entries}>
                            <Link to="/money/invoices/$invoiceId" params={{ invoiceId: invoice.id }} search={(search: object) => search} className={classes.entry}>
                                <Trans>Invoice {invoice.number}</Trans>
                            </Link>
                        </div>
                    </section>
                )}
            </div>
            <IssueDialog
                opened={opened}
                onClose={dialog.close}
                title={t`Issue the credit note?`}
                issue={() => send(client, ISSUE_CREDIT_NOTE, { input: { id, expectedRevision: revision } })}
            >
                <Trans>
                    It gets the next number and today's date, the client sees it, and less of the invoice is due. After this, it cannot be
                    changed or taken back.
                </Trans>
            </IssueDialog>
        </>
    );
}
