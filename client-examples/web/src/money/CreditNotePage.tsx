import { Trans, useLingui } from "@lingui/react/macro";
import { IconFileOff } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { useClient, useQuery } from "urql";
import { CREDIT_NOTE, ISSUE_CREDIT_NOTE, UPDATE_CREDIT_NOTE } from "../billing/queries";
import { CreditNoteStatus } from "../billing/StatusBadge";
import { send } from "../graphql/send";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { DraftPage } from "./DraftPage";
import { CreditedInvoice, IssuedCreditNote } from "./IssuedCreditNote";
import type { DraftInput } from "./useDraft";

const route = getRouteApi("/app/hub/money/credit-notes/$creditNoteId");

/** A credit note: its draft to write, or the issued one with its invoice. */
export function CreditNotePage() {
    const { t } = useLingui();
    const { creditNoteId: id } = route.useParams();
    const client = useClient();
    const [{ data, error }, read] = useQuery({ query: CREDIT_NOTE, variables: { id } });
    const save = useCallback(
        async ({ title, note, lines, expectedRevision }: DraftInput) =>
            (await send(client, UPDATE_CREDIT_NOTE, { input: { id, title, note, lines, expectedRevision } })).creditNote,
        [client, id],
    );
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    const { creditNote, viewer } = data;
    if (!creditNote) return <EmptyState icon={IconFileOff} title={<Trans>This credit note does not exist, or you cannot see it.</Trans>} />;
    const seller = viewer?.organization;
    if (!creditNote.viewerCan.includes("UPDATE")) return <IssuedCreditNote creditNote={creditNote} seller={seller} />;
    return (
        <DraftPage
            key={id}
            document={creditNote}
            seller={seller}
            kind={<Trans>Credit note</Trans>}
            invoiceNumber={creditNote.invoice?.number}
            status={<CreditNoteStatus creditNote={creditNote} />}
            canIssue={creditNote.viewerCan.includes("ISSUE")}
            question={{
                title: t`Issue the credit note?`,
                text: (
                    <Trans>
                        It gets the next number and today's date, the client sees it, and less of the invoice is due. After this, it cannot be
                        changed or taken back.
                    </Trans>
                ),
            }}
            save={save}
            issue={() => send(client, ISSUE_CREDIT_NOTE, { input: { id } })}
        >
            <CreditedInvoice creditNote={creditNote} />
        </DraftPage>
    );
}
