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
    unread: boolean;
    /** Whether the name of the dossier is shown. */
    withClient?: boolean;
}

/** A conversation: subject, dossier, the beginning of its last message, and when something happened last. */
export function ConversationRow({ conversation, target, unread, withClient = false }: Props) {
    const { t } = useLingui();
    const { subject, status, client, messages } = conversation;
    const last = messages.nodes.at(-1);
    const content = (
        <>
            <span className={`truncate ${classes.subject}`}>
                {unread && <span className={classes.dot} role="img" aria-label={t`Unread`} />}
                {subject}
            </span>
            <span className={classes.time}>
                <Time value={lastActivity(conversation)} />
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
    const props = { className: classes.row, "data-unread": unread };
    if (!target) return <div {...props}>{content}</div>;
    return (
        <Link {...target} {...props}>
            {content}
        </Link>
    );
}
