import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { AsClientSearch } from "../asClient/search";
import { Time } from "../text/Time";
import classes from "./Conversations.module.css";
import type { Conversation } from "./queries";
import type { MessagesSearch } from "./search";
import { lastActivity } from "./useConversations";

type Target =
    | { to: "/messages/$conversationId"; params: { conversationId: string }; search?: MessagesSearch }
    | { to: "/portal/messages/$conversationId"; params: { conversationId: string } }
    | { to: "/dossiers/$clientId/as-client"; params: { clientId: string }; search: AsClientSearch };

interface Props {
    conversation: Conversation;
    /** The page of the conversation. Without one, the row is a text. */
    target: Target | undefined;
    /** Whether the name of the dossier is shown. */
    withClient?: boolean;
}

/** A conversation: subject, dossier, the beginning of its last message, and when something happened last. */
export function ConversationRow({ conversation, target, withClient = false }: Props) {
    const { t } = useLingui();
    const { subject, status, client, messages, unreadCount } = conversation;
    const last = messages.nodes.at(-1);
    const content = (
        <>
            <span className={`truncate ${classes.subject}`}>
                {subject}
            </span>
            <span className={classes.time}>
                <Time value={lastActivity(conversation)} />
                {unreadCount > 0 && (
                    <span className={classes.count} aria-label={plural(unreadCount, { one: "# unread message", other: "# unread messages" })}>
                        {unreadCount}
                    </span>
                )}
            </span>
            <span className={classes.meta}>
                {(withClient || status === "CLOSED") && (
                    <span className={`truncate ${classes.client}`}>
                        {[withClient && client?.name, status === "CLOSED" && t`Closed`].filter(Boolean).join(" · ")}
                    </span>
                )}
                <span className={`truncate ${classes.preview}`}>
                    {last ? (
                        <>
                            {last.internal && <IconLock size={12} stroke={2} aria-label={t`Internal`} className={classes.lock} />}
                            <b>{last.author.isViewer ? <Trans>You</Trans> : last.author.displayName}</b>{" "}
                            {last.deletedAt ? <Trans>Message deleted</Trans> : last.body}
                        </>
                    ) : (
                        <Trans>No messages yet</Trans>
                    )}
                </span>
            </span>
        </>
    );
    const props = { className: classes.row, "data-unread": unreadCount > 0 };
    if (!target) return <div {...props}>{content}</div>;
    return (
        <Link {...target} {...props}>
            {content}
        </Link>
    );
}
