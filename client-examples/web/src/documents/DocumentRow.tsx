import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { PortalLink, useIsPreview } from "../portal/PortalLink";
import { formatBytes } from "../text/format";
import { Time } from "../text/Time";
import cardClasses from "../theme/Card.module.css";
import { ApprovalMark } from "./ApprovalMark";
import classes from "./DocumentRow.module.css";
import type { MyDocument } from "./queries";
import { Thumbnail } from "./Thumbnail";
import { UploadProgress } from "./UploadProgress";
import { useDownload } from "./useDownload";

/** A document of the portal. A click opens it. */
export function DocumentRow({ document }: { document: MyDocument }) {
    const { t } = useLingui();
    const download = useDownload();
    const { id, name, uploader, publishedVersion, latestVersion, status, approval } = document;
    const version = publishedVersion ?? latestVersion;
    const isPreview = useIsPreview();
    return (
        <div className={`${cardClasses.row} ${classes.row}`}>
            <Thumbnail version={latestVersion} />
            <span className={cardClasses.text}>
                <PortalLink
                    target={{ to: "/portal/documents/$documentId", params: { documentId: id } }}
                    className={`${cardClasses.title} ${classes.name}`}
                >
                    {name}
                </PortalLink>
                <span className={`truncate ${cardClasses.meta}`}>
                    {status === "READY" ? <Time value={version?.createdAt ?? document.updatedAt} /> : <UploadProgress status={status} />}
                    {" · "}
                    {uploader.isViewer ? <Trans>Sent by you</Trans> : uploader.displayName}
                    {version && ` · ${formatBytes(version.size)}`}
                </span>
                {approval !== "NONE" && (
                    <span className={classes.approval}>
                        <ApprovalMark approval={approval} />
                    </span>
                )}
            </span>
            {status === "READY" && version && !isPreview && (
                <ActionIcon
                    variant="subtle"
                    color="gray"
                    size={44}
                    className={classes.download}
                    aria-label={t`Download ${name}`}
                    onClick={() => void download(version.id)}
                >
                    <IconDownload size={20} stroke={1.6} />
                </ActionIcon>
            )}
        </div>
    );
}
