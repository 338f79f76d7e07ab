import { Trans } from "@lingui/react/macro";
import { IconLock } from "@tabler/icons-react";
import { useRef } from "react";
import { formatDateTime, formatTime } from "../text/format";
import { AuthorMark } from "./AuthorMark";
import { MessageEditor } from "./MessageEditor";
import { MessageMenu } from "./MessageMenu";
import classes from "./Messages.module.css";
import type { Message } from "./queries";
import { TextWithLinks } from "./TextWithLinks";
import { useEditMessage } from "./useEditMessage";

interface Props {
    message: Message;
    /** Whether it follows closely on a message of the same author, whose name is then not repeated. */
    continues: boolean;
}

/** A message. The viewer's own messages are on the right, and internal ones have another ground. */
export function MessageBubble({ message, continues }: Props) {
    const { author, body, internal, createdAt, deletedAt, viewerCan } = message;
    const { text, isEditing, isSaving, edit, save, cancel } = useEditMessage(message);
    const menu = useRef<HTMLButtonElement>(null);
    /** Ends the change of the text. The field had the focus, and the button of the menu gets it back. */
    const leave = (end: () => void) => {
        end();
        requestAnimationFrame(() => menu.current?.focus());
    };
    if (author.kind === "SYSTEM") {
        return (
            <li className={classes.system}>
                {body} · <time dateTime={createdAt}>{formatTime(createdAt)}</time>
            </li>
        );
    }
    const opened = isEditing && !deletedAt;
    return (
        <li
            className={classes.message}
            data-own={author.isViewer || undefined}
            data-internal={internal}
            data-continues={continues}
            data-deleted={deletedAt !== null || undefined}
            data-pending={isSaving || undefined}
            data-editing={opened || undefined}
        >
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
                    {opened ? (
                        <MessageEditor text={text} onSave={(written) => leave(() => save(written))} onCancel={() => leave(cancel)} />
                    ) : (
                        <>
                            {deletedAt ? <Trans>Message deleted</Trans> : <TextWithLinks text={text} />}
                            <MessageTime message={message} />
                        </>
                    )}
                </div>
            </div>
            {viewerCan.length > 0 && !opened && !isSaving && <MessageMenu message={message} button={menu} onEdit={edit} />}
        </li>
    );
}

/** When a message was posted, and whether it was changed or deleted since. */
const MessageTime = ({ message: { createdAt, editedAt, deletedAt } }: { message: Message }) => (
    <span className={classes.time}>
        {editedAt && !deletedAt && (
            <>
                <time dateTime={editedAt} title={formatDateTime(editedAt)}>
                    <Trans>edited</Trans>
                </time>
                {" · "}
            </>
        )}
        <time dateTime={createdAt} title={formatDateTime(createdAt)}>
            {formatTime(createdAt)}
        </time>
    </span>
);
