import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react";
import { IconChecks, IconFile, IconFileInvoice, IconFolder, IconMessage, type Icon } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { typeOfId } from "../graphql/ids";
import { formatDateTime, formatTime } from "../text/format";
import classes from "./Activity.module.css";
import type { ActivityEvent, Subject } from "./queries";
import { SENTENCES } from "./sentences";
import { SubjectLink } from "./SubjectLink";

const SUBJECTS: Record<Subject["__typename"], { icon: Icon; removed: MessageDescriptor }> = {
    Client: { icon: IconFolder, removed: msg`A dossier is no longer visible` },
    Document: { icon: IconFile, removed: msg`A file was deleted or is no longer visible` },
    ValidationRequest: { icon: IconChecks, removed: msg`A request is no longer visible` },
    Conversation: { icon: IconMessage, removed: msg`A conversation is no longer visible` },
    Message: { icon: IconMessage, removed: msg`A message is no longer visible` },
    Quote: { icon: IconFileInvoice, removed: msg`A quote was deleted or is no longer visible` },
    Invoice: { icon: IconFileInvoice, removed: msg`An invoice was deleted or is no longer visible` },
    CreditNote: { icon: IconFileInvoice, removed: msg`A credit note was deleted or is no longer visible` },
};

interface Props {
    event: ActivityEvent;
    /** Whether the page shows only one dossier. */
    hideClient: boolean;
    /** When it happened. The default is the time of day. */
    time?: ReactNode;
}

/** An event in a sentence, with its dossier and its time. */
export function ActivityRow({ event, hideClient, time }: Props) {
    const { i18n } = useLingui();
    const { type, actor, client, subject, subjectId, occurredAt } = event;
    const { icon: SubjectIcon, removed } = SUBJECTS[typeOfId(subjectId!) as Subject["__typename"]];
    const sentence = SENTENCES[type];
    return (
        <li className={classes.row}>
            <SubjectIcon size={16} stroke={1.6} className={classes.icon} aria-hidden />
            <span className={classes.sentence}>
                {sentence && actor && client && subject ? (
                    <Trans
                        {...sentence}
                        values={{ who: <b>{actor.displayName}</b>, what: <SubjectLink subject={subject} clientId={client.id} /> }}
                    />
                ) : (
                    <span className={classes.removed}>{i18n._(removed)}</span>
                )}
            </span>
            {!hideClient && client && subject?.__typename !== "Client" && (
                <Link to="/dossiers/$clientId" params={{ clientId: client.id }} className={`truncate ${classes.client}`}>
                    {client.name}
                </Link>
            )}
            <span className={classes.time}>
                {time ?? (
                    <time dateTime={occurredAt} title={formatDateTime(occurredAt)}>
                        {formatTime(occurredAt)}
                    </time>
                )}
            </span>
        </li>
    );
}
