import { Trans } from "@lingui/react/macro";
import { Anchor } from "@mantine/core";
import { IconArrowLeft, IconMessageOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { MessageList } from "../conversations/MessageList";
import { useMessages } from "../conversations/useMessages";
import { PortalTitle } from "../portal/PortalTitle";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { visibleMessages } from "./asClient";
import classes from "./AsClient.module.css";

/** No message is unread. */
const ALL_READ = "9999";

/** A conversation without its internal messages. */
export function AsClientConversation({ id }: { id: string }) {
    const { isLoaded, conversation, error, retry, messages, older } = useMessages(id);
    if (error && !conversation) return <ErrorState error={error} onRetry={retry} />;
    if (!isLoaded) return <ListSkeleton />;
    if (!conversation) {
        return <EmptyState icon={IconMessageOff} title={<Trans>This conversation does not exist, or you cannot see it.</Trans>} />;
    }
    return (
        <>
            <Anchor renderRoot={(props) => <Link to="." search={{ page: "messages" }} {...props} />} fz="sm" className={classes.back}>
                <IconArrowLeft size={16} aria-hidden /> <Trans>Messages</Trans>
            </Anchor>
            <PortalTitle>{conversation.subject}</PortalTitle>
            <MessageList messages={visibleMessages(messages)} pending={[]} readUntil={ALL_READ} older={older} />
        </>
    );
}
