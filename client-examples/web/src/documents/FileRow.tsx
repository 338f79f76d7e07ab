import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { formatBytes } from "../text/format";
import { Time } from "../text/Time";
import { ApprovalMark } from "./ApprovalMark";
import { DocumentMenu } from "./DocumentMenu";
import classes from "./Files.module.css";
import type { DocumentFields } from "./queries";
import { Thumbnail } from "./Thumbnail";
import { UploadProgress } from "./UploadProgress";
import { VisibilityButton } from "./VisibilityButton";

interface Props {
    document: DocumentFields;
    clientId: string;
    slug: string;
    selected: boolean;
}

/** A file in a zone of the hub. */
export function FileRow({ document, clientId, slug, selected }: Props) {
    const { id, name, status, uploader, latestVersion, publishedVersion, updatedAt } = document;
    const older = publishedVersion && latestVersion && publishedVersion.number < latestVersion.number;
    return (
        <li className={classes.row} data-selected={selected}>
            <Thumbnail version={latestVersion} />
            <div className={classes.text}>
                <Link
                    to="/dossiers/$clientId/files/$zone/$documentId"
                    params={{ clientId, zone: slug, documentId: id }}
                    search={(search: object) => search}
                    className={`truncate ${classes.name}`}
                    title={name}
                >
                    {name}
                </Link>
                <span className={`truncate figures ${classes.meta}`}>
                    {status !== "READY" && (
                        <>
                            <UploadProgress status={status} />
                            {" · "}
                        </>
                    )}
                    {latestVersion && latestVersion.number > 1 && `v${latestVersion.number} · `}
                    {older && (
                        <>
                            <Trans>the client sees v{publishedVersion.number}</Trans>
                            {" · "}
                        </>
                    )}
                    {latestVersion && `${formatBytes(latestVersion.size)} · `}
                    {uploader.displayName}
                </span>
            </div>
            <span className={classes.time}>
                <Time value={updatedAt} />
            </span>
            <span className={classes.approval}>
                <ApprovalMark approval={document.approval} />
            </span>
            <VisibilityButton document={document} />
            <DocumentMenu document={document} clientId={clientId} />
        </li>
    );
}
