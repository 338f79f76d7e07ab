import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { formatBytes } from "../text/format";
import type { Upload, UploadFailure } from "./upload";
import classes from "./UploadTray.module.css";

const FAILURES: Record<UploadFailure, MessageDescriptor> = {
    MALWARE_FOUND: msg`The file contains malware. It was deleted.`,
    NOT_PERMITTED: msg`You may no longer add files to this dossier.`,
    SCANNER_UNAVAILABLE: msg`The virus scanner does not answer. Try again later.`,
    SHA256_MISMATCH: msg`The file arrived damaged. Try again.`,
    SIZE_MISMATCH: msg`The file arrived incomplete. Try again.`,
    STORE_UNAVAILABLE: msg`The storage does not answer. Try again later.`,
    TYPE_MISMATCH: msg`The content does not match the type of the file.`,
    TYPE_NOT_ACCEPTED: msg`Programs are not accepted.`,
    UPLOAD_LOST: msg`The storage ended the upload. Try again.`,
    UNREADABLE: msg`The file cannot be read. It was changed or moved, or it is a folder. Add it again.`,
    OTHER_FILE: msg`The file has changed since the upload began. Cancel, and add it again.`,
    STORE_REFUSED: msg`The storage refuses the file. Try again later.`,
};

/** The state of an upload in words. */
export function UploadStatus({ upload }: { upload: Upload }) {
    const { i18n } = useLingui();
    const { state, size, done, speed, dossier, failure, refusal } = upload;
    if (state === "FAILED") {
        return <span className={classes.failure}>{failure ? i18n._(FAILURES[failure]) : refusal}</span>;
    }
    return (
        <span className={`figures truncate ${classes.status}`} data-state={state}>
            {state === "QUEUED" && <Trans>Waits · {formatBytes(size)}</Trans>}
            {state === "HASHING" && <Trans>Checksum · {percent(done, size)} %</Trans>}
            {state === "SENDING" && (
                <>
                    <Trans>
                        {formatBytes(done)} of {formatBytes(size)}
                    </Trans>
                    {speed > 0 && ` · ${formatBytes(speed)}/s`}
                </>
            )}
            {state === "INTERRUPTED" && <Trans>Connection lost. Continues by itself.</Trans>}
            {state === "VERIFYING" && <Trans>Sent. The server verifies it.</Trans>}
            {state === "READY" && (
                <>
                    <Trans>Verified</Trans> · {formatBytes(size)}
                    {dossier && ` · ${dossier}`}
                </>
            )}
            {state === "FILE_NEEDED" && <Trans>Interrupted. Choose the file to continue.</Trans>}
        </span>
    );
}

const percent = (done: number, size: number) => (size === 0 ? 100 : Math.floor((done / size) * 100));
