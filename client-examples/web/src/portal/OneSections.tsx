import { Trans } from "@lingui/react/macro";
import { IconFiles, IconMessages } from "@tabler/icons-react";
import { ConversationRow } from "../conversations/ConversationRow";
import conversationClasses from "../conversations/Conversations.module.css";
import { DocumentRow } from "../documents/DocumentRow";
import { MyRequestRow } from "../requests/MyRequestRow";
import { EmptyState } from "../states/EmptyState";
import { Card } from "../theme/Card";
import type { HomeLists } from "./Home";
import { useIsPreview } from "./PortalLink";
import { SeeAll } from "./SeeAll";

const MAX_DOCUMENTS = 4;
const MAX_CONVERSATIONS = 2;
const MAX_REQUESTS = 2;

/** The last documents and messages, and the requests if there are any. */
export function OneSections({ documents, conversations, requests }: HomeLists) {
    const isPreview = useIsPreview();
    return (
        <>
            <Card title={<Trans>Newest documents</Trans>} action={<SeeAll to="/portal/documents" shown={MAX_DOCUMENTS} total={documents.length} />}>
                {documents.length === 0 ? (
                    <EmptyState compact icon={IconFiles} title={<Trans>No documents yet. What the agency publishes appears here.</Trans>} />
                ) : (
                    documents.slice(0, MAX_DOCUMENTS).map((document) => <DocumentRow key={document.id} document={document} />)
                )}
            </Card>
            <Card title={<Trans>Messages</Trans>} action={<SeeAll to="/portal/messages" shown={MAX_CONVERSATIONS} total={conversations.length} />}>
                {conversations.length === 0 ? (
                    <EmptyState compact icon={IconMessages} title={<Trans>No messages yet. Write to the agency.</Trans>} />
                ) : (
                    <div className={conversationClasses.card}>
                        {conversations.slice(0, MAX_CONVERSATIONS).map((conversation) => (
                            <ConversationRow
                                key={conversation.id}
                                conversation={conversation}
                                target={isPreview ? undefined : { to: "/portal/messages/$conversationId", params: { conversationId: conversation.id } }}
                            />
                        ))}
                    </div>
                )}
            </Card>
            {requests.length > 0 && (
                <Card title={<Trans>Requests</Trans>} action={<SeeAll to="/portal/requests" shown={MAX_REQUESTS} total={requests.length} />}>
                    {requests.slice(0, MAX_REQUESTS).map((request) => (
                        <MyRequestRow key={request.id} request={request} />
                    ))}
                </Card>
            )}
        </>
    );
}
