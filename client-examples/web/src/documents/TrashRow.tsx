import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { useState } from "react";
import { useClient } from "urql";
import { send } from "../graphql/send";
import { ConfirmButton } from "../states/ConfirmButton";
import { notifyDone, notifyFailure } from "../states/notify";
import { formatBytes, formatDate } from "../text/format";
import { Time } from "../text/Time";
import { FileIcon } from "./FileIcon";
import classes from "./Files.module.css";
import { RESTORE } from "./queries";
import { PURGE, type TrashedDocument } from "./trash";
import { ZONES } from "./zones";

interface Props {
    document: TrashedDocument;
    /** The reason of the legal hold of the dossier, if there is one. */
    hold: string | undefined;
    /** The days for which the organization keeps the documents of its zone. */
    retainedDays: number | undefined;
}

/** A file in the trash: who deleted it, when it is purged, and what can be done with it. */
export function TrashRow({ document, hold, retainedDays }: Props) {
    const { t, i18n } = useLingui();
    const client = useClient();
    const [busy, setBusy] = useState(false);
    const { id, name, zone, revision, deletedAt, deletedBy, viewerCan, latestVersion } = document;
    const input = { id, expectedRevision: revision };
    const who = deletedBy?.displayName;
    const restore = async () => {
        setBusy(true);
        try {
            await send(client, RESTORE, { input });
            notifyDone(t`Restored: ${name}`);
        } catch (cause) {
            notifyFailure(t`Not restored: ${name}`, cause);
            setBusy(false);
        }
    };
    return (
        <li className={`${classes.row} ${classes.trashed}`}>
            <FileIcon contentType={latestVersion?.contentType ?? ""} />
            <div className={classes.text}>
                <span className={`truncate ${classes.title}`} title={name}>
                    {name}
                </span>
                <span className={`figures ${classes.meta}`}>
                    {i18n._(ZONES.find((entry) => entry.zone === zone)!.label)}
                    {latestVersion && ` · ${formatBytes(latestVersion.size)}`}
                    {" · "}
                    {deletedBy?.isViewer ? <Trans>deleted by you</Trans> : who ? <Trans>deleted by {who}</Trans> : <Trans>deleted</Trans>}{" "}
                    {deletedAt && <Time value={deletedAt} />}
                </span>
                <PurgeDay document={document} hold={hold} retainedDays={retainedDays} />
            </div>
            <div className={classes.actions}>
                {viewerCan.includes("RESTORE") && (
                    <Button size="xs" variant="default" loading={busy} onClick={() => void restore()}>
                        <Trans>Restore</Trans>
                    </Button>
                )}
                {viewerCan.includes("PURGE") && (
                    <ConfirmButton
                        label={<Trans>Delete for good</Trans>}
                        title={<Trans>Delete for good?</Trans>}
                        mutation={PURGE}
                        variables={{ input }}
                        dangerous
                    >
                        <Trans>“{name}” and all its versions are deleted from the store. Nobody can restore them.</Trans>
                    </ConfirmButton>
                )}
            </div>
        </li>
    );
}

/** When a file is purged, or why it is not. */
function PurgeDay({ document: { purgeAt, purgeBlockedBy }, hold, retainedDays }: Props) {
    if (purgeBlockedBy) {
        return (
            <span className={classes.kept}>
                <IconShieldLock size={14} stroke={1.8} aria-hidden />
                <span>
                    {hold ? (
                        <Trans>Kept under the legal hold: {hold}</Trans>
                    ) : retainedDays ? (
                        <Plural
                            value={retainedDays}
                            one="Kept, because files of this zone stay for # day after their upload"
                            other="Kept, because files of this zone stay for # days after their upload"
                        />
                    ) : (
                        purgeBlockedBy
                    )}
                </span>
            </span>
        );
    }
    if (!purgeAt) return null;
    const day = formatDate(purgeAt);
    return (
        <span className={`figures ${classes.meta}`}>
            {Date.parse(purgeAt) > Date.now() ? <Trans>Deleted for good on {day}</Trans> : <Trans>Deleted for good within an hour</Trans>}
        </span>
    );
}
