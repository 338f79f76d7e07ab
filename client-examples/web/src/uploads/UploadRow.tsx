import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, FileButton, Progress } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { FileIcon } from "../documents/FileIcon";
import { notifyFailure } from "../states/notify";
import { isActive, type Upload } from "./upload";
import { UploadStatus } from "./UploadStatus";
import classes from "./UploadTray.module.css";
import { uploads } from "./uploads";

/** A file with its bar, and what can be done with it. */
export function UploadRow({ upload }: { upload: Upload }) {
    const { t } = useLingui();
    const { id, name, size, contentType, state, done, recognized } = upload;
    const cancel = () => uploads.cancel(id).catch((cause: unknown) => notifyFailure(t`Not cancelled: ${name}`, cause));
    const provide = (file: File | null) => {
        if (file && uploads.provide([file]).length > 0) {
            notifyFailure(file.name, new Error(t`This is another file. Choose “${name}”.`));
        }
    };
    return (
        <li className={classes.row}>
            <FileIcon contentType={contentType} />
            <div className={classes.text}>
                <span className="truncate" title={name}>
                    {name}
                </span>
                {isActive(upload) && (
                    <Progress
                        value={size === 0 ? 100 : (done / size) * 100}
                        size={4}
                        color={state === "INTERRUPTED" ? "yellow" : undefined}
                        animated={state === "VERIFYING"}
                        striped={state === "VERIFYING" || state === "HASHING"}
                        aria-label={name}
                    />
                )}
                <UploadStatus upload={upload} />
            </div>
            {state === "FAILED" && recognized && (
                <Button size="compact-sm" variant="light" onClick={() => uploads.correct(id)}>
                    <Trans>Send as {recognized}</Trans>
                </Button>
            )}
            {state === "FAILED" && !recognized && (
                <Button size="compact-sm" variant="default" onClick={() => uploads.retry(id)}>
                    <Trans>Try again</Trans>
                </Button>
            )}
            {state === "FILE_NEEDED" && (
                <FileButton onChange={provide}>
                    {(props) => (
                        <Button size="compact-sm" variant="default" {...props}>
                            <Trans>Choose the file</Trans>
                        </Button>
                    )}
                </FileButton>
            )}
            <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={state === "READY" ? t`Remove ${name} from the list` : t`Cancel ${name}`}
                onClick={() => (state === "READY" ? uploads.remove(id) : void cancel())}
            >
                <IconX size={16} />
            </ActionIcon>
        </li>
    );
}
