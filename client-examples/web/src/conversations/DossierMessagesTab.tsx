import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconMessages, IconPencilPlus } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEntries } from "../outbox/useEntries";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { ConversationRow } from "./ConversationRow";
import classes from "./Conversations.module.css";
import { PendingConversationRow } from "./PendingConversationRow";
import { useConversations } from "./useConversations";

const route = getRouteApi("/app/hub/dossiers/$clientId");

/** The conversations of a dossier. */
export function DossierMessagesTab() {
    const { clientId } = route.useParams();
    const { conversations, error, retry, more } = useConversations({ clientId });
    const pending = useEntries("startConversation").filter(({ input }) => input.clientId === clientId);
    if (error && !conversations) return <ErrorState error={error} onRetry={retry} />;
    if (!conversations) return <ListSkeleton height={62} />;
    const write = (
        <Button
            size="xs"
            variant="default"
            leftSection={<IconPencilPlus size={16} />}
            renderRoot={(props) => <Link to="/messages/new" search={{ client: clientId }} {...props} />}
        >
            <Trans>New conversation</Trans>
        </Button>
    );
    if (conversations.length === 0 && pending.length === 0) {
        return (
            <EmptyState icon={IconMessages} title={<Trans>This dossier has no conversations.</Trans>}>
                {write}
            </EmptyState>
        );
    }
    return (
        <>
            <div style={{ marginBottom: 12 }}>{write}</div>
            <div className={classes.boxed}>
                {pending.map((entry) => (
                    <PendingConversationRow key={entry.id} entry={entry} />
                ))}
                {conversations.map((conversation) => (
                    <ConversationRow
                        key={conversation.id}
                        conversation={conversation}
                        target={{ to: "/messages/$conversationId", params: { conversationId: conversation.id } }}
                    />
                ))}
            </div>
            {more && <LoadMore {...more} key={more.key} />}
        </>
    );
}
