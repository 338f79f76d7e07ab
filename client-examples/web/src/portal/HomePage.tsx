import { Trans, useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { IconFiles, IconMoodCheck } from "@tabler/icons-react";
import { useQuery } from "urql";
import { ConversationRow } from "../conversations/ConversationRow";
import conversationClasses from "../conversations/Conversations.module.css";
import { useConversations } from "../conversations/useConversations";
import { useIsUnread } from "../conversations/useSeen";
import { DocumentRow } from "../documents/DocumentRow";
import { MY_DOCUMENTS } from "../documents/queries";
import { MyInvoiceRow } from "../invoices/MyInvoiceRow";
import { MyQuoteRow } from "../invoices/MyQuoteRow";
import { useWaitingMoney } from "../invoices/useWaitingMoney";
import { MyRequestRow } from "../requests/MyRequestRow";
import { DOSSIER_REQUESTS } from "../requests/queries";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { Card } from "../theme/Card";
import { useViewer } from "../viewer/ViewerContext";
import { PortalTitle } from "./PortalTitle";

const SHOWN_DOCUMENTS = 4;

/** The things that wait for the client, and the newest documents. */
export function HomePage() {
    const { t } = useLingui();
    useDocumentTitle(t`Home`);
    const { displayName, client } = useViewer();
    const variables = { clientId: client!.id };
    const [{ data: requests, error }, read] = useQuery({ query: DOSSIER_REQUESTS, variables });
    const money = useWaitingMoney(client!.id);
    const [{ data: documents }] = useQuery({ query: MY_DOCUMENTS, variables });
    if (error && !requests) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    const nodes = requests?.validationRequests.nodes;
    const isUnread = useIsUnread();
    const unread = useConversations().conversations?.filter(isUnread) ?? [];
    const waiting = nodes?.filter(({ viewerCan }) => viewerCan.includes("RESUBMIT"));
    const newest = documents && [...documents.documents.nodes].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
    const firstName = displayName.split(" ")[0];
    return (
        <>
            <PortalTitle>
                <Trans>Hello {firstName}</Trans>
            </PortalTitle>
            <Card title={<Trans>Waits for you</Trans>}>
                {!waiting || !money ? (
                    <ListSkeleton rows={2} height={68} />
                ) : waiting.length + unread.length + money.quotes.length + money.invoices.length === 0 ? (
                    <EmptyState compact icon={IconMoodCheck} title={<Trans>Nothing waits for you.</Trans>} />
                ) : (
                    <div className={conversationClasses.card}>
                        {waiting.map((request) => (
                            <MyRequestRow key={request.id} request={request} />
                        ))}
                        {unread.map((conversation) => (
                            <ConversationRow key={conversation.id} conversation={conversation} to="/portal/messages/$conversationId" unread />
                        ))}
                        {money.quotes.map((quote) => (
                            <MyQuoteRow key={quote.id} quote={quote} />
                        ))}
                        {money.invoices.map((invoice) => (
                            <MyInvoiceRow key={invoice.id} invoice={invoice} />
                        ))}
                    </div>
                )}
            </Card>
            <Card title={<Trans>Newest documents</Trans>}>
                {!newest ? (
                    <ListSkeleton rows={SHOWN_DOCUMENTS} height={68} />
                ) : newest.length === 0 ? (
                    <EmptyState icon={IconFiles} title={<Trans>No documents yet. What the agency publishes appears here.</Trans>} />
                ) : (
                    newest.slice(0, SHOWN_DOCUMENTS).map((document) => <DocumentRow key={document.id} document={document} />)
                )}
            </Card>
        </>
    );
}
