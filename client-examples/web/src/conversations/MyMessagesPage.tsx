import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconMessages, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEntries } from "../outbox/useEntries";
import { PortalTitle } from "../portal/PortalTitle";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { Card } from "../theme/Card";
import { ConversationRow } from "./ConversationRow";
import classes from "./Conversations.module.css";
import { PendingConversationRow } from "./PendingConversationRow";
import { useConversations } from "./useConversations";

/** The conversations of the client with the agency. */
export function MyMessagesPage() {
    const { t } = useLingui();
    useDocumentTitle(t`Messages`);
    const { conversations, error, retry, more } = useConversations();
    const pending = useEntries("startConversation");
    return (
        <>
            <PortalTitle
                action={
                    <Button leftSection={<IconPlus size={18} />} renderRoot={(props) => <Link to="/portal/messages/new" {...props} />}>
                        <Trans>Write</Trans>
                    </Button>
                }
            >
                <Trans>Messages</Trans>
            </PortalTitle>
            <Card>
                <div className={classes.card}>
                    {pending.map((entry) => (
                        <PendingConversationRow key={entry.id} entry={entry} />
                    ))}
                    {error && !conversations ? (
                        <ErrorState error={error} onRetry={retry} />
                    ) : !conversations ? (
                        <ListSkeleton rows={3} height={76} />
                    ) : conversations.length === 0 && pending.length === 0 ? (
                        <EmptyState icon={IconMessages} title={<Trans>No messages yet. Write to the agency.</Trans>} />
                    ) : (
                        conversations.map((conversation) => (
                            <ConversationRow
                                key={conversation.id}
                                conversation={conversation}
                                target={{ to: "/portal/messages/$conversationId", params: { conversationId: conversation.id } }}
                            />
                        ))
                    )}
                    {more && <LoadMore {...more} key={more.key} />}
                </div>
            </Card>
        </>
    );
}
