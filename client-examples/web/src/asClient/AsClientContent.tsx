import { Trans } from "@lingui/react/macro";
import { IconFiles, IconMessages } from "@tabler/icons-react";
import { ConversationRow } from "../conversations/ConversationRow";
import conversationClasses from "../conversations/Conversations.module.css";
import { DocumentRow } from "../documents/DocumentRow";
import { MyMoney } from "../invoices/MyMoney";
import { Home } from "../portal/Home";
import { PortalTitle } from "../portal/PortalTitle";
import { MyRequestCards } from "../requests/MyRequestCards";
import type { Track } from "../portal/tracks";
import { EmptyState } from "../states/EmptyState";
import { Card } from "../theme/Card";
import { homeOf, type asClient } from "./asClient";
import { AsClientConversation } from "./AsClientConversation";
import type { AsClientSearch } from "./search";

interface Props {
    clientId: string;
    track: Track;
    visible: ReturnType<typeof asClient>;
    page: AsClientSearch["page"];
    conversationId: string | undefined;
}

/** A page of the portal in the preview. It has the rows of the portal, without what changes something. */
export function AsClientContent({ clientId, track, visible, page, conversationId }: Props) {
    const { documents, requests, conversations, quotes, invoices, creditNotes } = visible;
    switch (page) {
        case undefined:
            return <Home track={track} lists={homeOf(visible)} />;
        case "documents":
            return (
                <>
                    <PortalTitle>
                        <Trans>My documents</Trans>
                    </PortalTitle>
                    <Card>
                        {documents.length === 0 ? (
                            <EmptyState icon={IconFiles} title={<Trans>No documents yet. What the agency publishes appears here.</Trans>} />
                        ) : (
                            documents.map((document) => <DocumentRow key={document.id} document={document} />)
                        )}
                    </Card>
                </>
            );
        case "requests":
            return (
                <>
                    <PortalTitle>
                        <Trans>My requests</Trans>
                    </PortalTitle>
                    <MyRequestCards requests={requests} />
                </>
            );
        case "invoices":
            return (
                <>
                    <PortalTitle>
                        <Trans>Quotes and invoices</Trans>
                    </PortalTitle>
                    <MyMoney quotes={quotes} invoices={invoices} creditNotes={creditNotes} />
                </>
            );
        case "messages":
            if (conversationId) return <AsClientConversation key={conversationId} id={conversationId} />;
            return (
                <>
                    <PortalTitle>
                        <Trans>Messages</Trans>
                    </PortalTitle>
                    <Card>
                        <div className={conversationClasses.card}>
                            {conversations.length === 0 ? (
                                <EmptyState icon={IconMessages} title={<Trans>No messages yet. Write to the agency.</Trans>} />
                            ) : (
                                conversations.map((conversation) => (
                                    <ConversationRow
                                        key={conversation.id}
                                        conversation={conversation}
                                        target={{
                                            to: "/dossiers/$clientId/as-client",
                                            params: { clientId },
                                            search: { page: "messages", conversation: conversation.id },
                                        }}
                                    />
                                ))
                            )}
                        </div>
                    </Card>
                </>
            );
    }
}
