import { Trans } from "@lingui/react/macro";
import { IconLock } from "@tabler/icons-react";
import { formatDateTime, formatTime } from "../text/format";
import { AuthorMark } from "./AuthorMark";
import classes from "./Messages.module.css";
import type { Message } from "./queries";
import { TextWithLinks } from "./TextWithLinks";

interface Props {
    message: Message;
    /** Whether it follows closely on a message of the same author, whose name is then not repeated. */
    continues: boolean;
}

/** A message. The viewer's own messages are on the right, and internal ones have another ground. */
export function MessageBubble({ message, continues }: Props) {
    const { author, body, internal, createdAt } = message;
    if (author.kind === "SYSTEM") {
        return (
            <li className={classes.system}>
                {body} · <time dateTime={createdAt}>{formatTime(createdAt)}</time>
            </li>
        );
    }
    return (
        <li className={classes.message} data-own={author.isViewer || undefined} data-internal={internal} data-continues={continues}>
            {!author.isViewer && <span className={classes.mark}>{!continues && <AuthorMark author={author} />}</span>}
            <div className={classes.column}>
                {/* Assistive technology needs the name of each message's author. */}
                <span className={continues || author.isViewer ? "visually-hidden" : classes.author}>
                    {author.isViewer ? <Trans>You</Trans> : author.displayName}
                    {author.kind === "ASSISTANT" && (
                        <span className={classes.kind}>
                            <Trans>Assistant</Trans>
                        </span>
                    )}
                </span>
                <div className={classes.bubble}>
                    {internal && (
                        <span className={classes.internal}>
                            <IconLock size={12} stroke={2} aria-hidden /> <Trans>Internal</Trans>
                        </span>
                    )}
                    <TextWithLinks text={body} />
                    <time className={classes.time} dateTime={createdAt} title={formatDateTime(createdAt)}>
                        {formatTime(createdAt)}
                    </time>
                </div>
            </div>
        </li>
    );
}
