import { Trans } from "@lingui/react/macro";
import { UnstyledButton } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { formatBytes } from "../text/format";
import { Time } from "../text/Time";
import classes from "../theme/Card.module.css";
import { FileIcon } from "./FileIcon";
import type { MyDocument } from "./queries";
import { useDownload } from "./useDownload";

/** A document of the portal. A click opens its published version. */
export function DocumentRow({ document }: { document: MyDocument }) {
    const download = useDownload();
    const { name, uploader, publishedVersion, latestVersion, status } = document;
    const version = publishedVersion ?? latestVersion;
    return (
        <UnstyledButton className={classes.row} disabled={!version} onClick={() => version && void download(version.id)}>
            <FileIcon contentType={version?.contentType ?? ""} />
            <span className={classes.text}>
                <span className={`truncate ${classes.title}`}>{name}</span>
                <span className={`truncate ${classes.meta}`}>
                    {uploader.isViewer ? <Trans>Sent by you</Trans> : uploader.displayName}
                    {" · "}
                    {status === "VERIFYING" ? <Trans>being verified</Trans> : version && formatBytes(version.size)}
                    {" · "}
                    <Time value={version?.createdAt ?? document.updatedAt} />
                </span>
            </span>
            <IconDownload size={18} stroke={1.6} color="var(--ink-3)" aria-hidden />
        </UnstyledButton>
    );
}
