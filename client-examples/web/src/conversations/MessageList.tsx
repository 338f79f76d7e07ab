import { Trans } from "@lingui/react/macro";
import { Fragment, useState } from "react";
import type { Entry } from "../outbox/storage";
import { LoadMore } from "../states/LoadMore";
import { formatDay } from "../text/format";
import { MessageBubble } from "./MessageBubble";
import classes from "./Messages.module.css";
import { PendingMessage } from "./PendingMessage";
import type { Message } from "./queries";

/** Within this time, messages of one author belong together. */
const GROUP_MILLISECONDS = 5 * 60 * 1_000;

interface Props {
    messages: Message[];
    pending: Entry<"postMessage">[];
    /** The time of the last message that was read before the conversation was opened. */
    readUntil: string;
    /** Reads older messages, if there are any. */
    older: { key: string | null; failed: boolean; onVisible: () => void } | undefined;
}

/** Messages, oldest first, with a line for each day and one before the first unread message. */
export function MessageList({ messages, pending, readUntil, older }: Props) {
    const [line] = useState(readUntil);
    const firstUnread = messages.find(({ author, createdAt }) => !author.isViewer && createdAt > line);
    return (
        <>
            {older && <LoadMore {...older} key={older.key} />}
            <ol className={classes.list}>
                {messages.map((message, index) => {
                    const before = messages[index - 1];
                    const newDay = !before || dayOf(before) !== dayOf(message);
                    const unread = message === firstUnread;
                    return (
                        <Fragment key={message.id}>
                            {newDay && <li className={classes.day}>{formatDay(message.createdAt)}</li>}
                            {unread && (
                                <li className={classes.unread}>
                                    <Trans>New messages</Trans>
                                </li>
                            )}
                            <MessageBubble message={message} continues={!newDay && !unread && continues(before, message)} />
                        </Fragment>
                    );
                })}
                {pending.map((entry) => (
                    <PendingMessage key={entry.id} entry={entry} />
                ))}
            </ol>
        </>
    );
}

const dayOf = ({ createdAt }: Message) => new Date(createdAt).toDateString();

const continues = (before: Message, { author, internal, createdAt }: Message) =>
    before.author.displayName === author.displayName &&
    before.author.kind === author.kind &&
    before.internal === internal &&
    Date.parse(createdAt) - Date.parse(before.createdAt) < GROUP_MILLISECONDS;
