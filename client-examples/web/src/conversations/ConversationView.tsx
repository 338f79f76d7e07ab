import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { IconMessageOff } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import { usePresence } from "../live/presence";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";
import classes from "./Messages.module.css";
import type { OpenedConversation } from "./queries";
import { useMessages } from "./useMessages";
import { usePendingMessages } from "./usePendingMessages";
import { readUntil } from "./readMarkers";
import { useMarkRead } from "./useMarkRead";

interface Props {
    id: string;
    header: (conversation: OpenedConversation) => ReactNode;
}

/** A conversation with the field for a new message. Give it the id as `key`. */
export function ConversationView({ id, header }: Props) {
    const { t } = useLingui();
    const { isLoaded, conversation, error, retry, messages, older } = useMessages(id);
    const pending = usePendingMessages(id, messages);
    const typing = usePresence("TYPING")(id);
    const scroller = useRef<HTMLDivElement>(null);
    const last = messages.at(-1);
    const end = useMarkRead(id, conversation?.unreadCount ?? 0, last);
    useEffect(() => {
        // The list begins at its end. This is position 0, because its direction is reversed.
        scroller.current?.scrollTo({ top: 0 });
    }, [pending.length]);
    if (error && !conversation) return <ErrorState error={error} onRetry={retry} />;
    if (!isLoaded) return <PageSkeleton />;
    if (!conversation) {
        return <EmptyState icon={IconMessageOff} title={<Trans>This conversation does not exist, or you cannot see it.</Trans>} />;
    }
    const { subject, status, viewerCan } = conversation;
    const names = typing.join(", ");
    return (
        <article className={classes.conversation}>
            {header(conversation)}
            <div ref={scroller} className={classes.scroll} tabIndex={0} role="region" aria-label={subject}>
                <div className={classes.content}>
                    <MessageList messages={messages} pending={pending} readUntil={readUntil(conversation, messages)} older={older} />
                    <div ref={end} className={classes.end} />
                </div>
            </div>
            <p className={classes.typing} aria-live="polite">
                {names && <Plural value={typing.length} one={`${names} is writing…`} other={`${names} are writing…`} />}
            </p>
            <p className="visually-hidden" aria-live="polite">
                {last && !last.author.isViewer && `${last.author.displayName}: ${last.deletedAt ? t`Message deleted` : last.body}`}
            </p>
            {viewerCan.includes("POST_MESSAGE") ? (
                <Composer conversation={conversation} />
            ) : (
                <p className={classes.closed}>
                    {status === "CLOSED" ? (
                        <Trans>This conversation is closed. It can be read, but takes no new messages.</Trans>
                    ) : (
                        <Trans>You can read this conversation, but not write in it.</Trans>
                    )}
                </p>
            )}
        </article>
    );
}
