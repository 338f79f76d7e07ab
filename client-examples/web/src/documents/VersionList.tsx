import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Title, Tooltip } from "@mantine/core";
import { IconDownload, IconEye } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatBytes } from "../text/format";
import { Time } from "../text/Time";
import { Chip } from "../theme/Chip";
import classes from "./Document.module.css";
import type { OpenDocument, Version } from "./queries";
import { UploadProgress } from "./UploadProgress";
import { useDocumentActions } from "./useDocumentActions";
import { useDownload } from "./useDownload";

interface Props {
    document: OpenDocument;
    versions: Version[];
    /** The id of the version that is shown. */
    shown: string | undefined;
    headingOrder: 2 | 4;
}

/** The versions of a document, newest first. */
export function VersionList({ document, versions, shown, headingOrder }: Props) {
    const { t } = useLingui();
    const { publish, restoreVersion } = useDocumentActions(document);
    const download = useDownload();
    const [busy, setBusy] = useState<string>();
    const published = document.publishedVersion?.id;
    const publishVersion = async (id: string) => {
        setBusy(id);
        await publish(id);
        setBusy(undefined);
    };
    const restore = async (id: string) => {
        setBusy(id);
        await restoreVersion(id);
        setBusy(undefined);
    };
    return (
        <section className={classes.versions}>
            <Title order={headingOrder} fz={13} c="dimmed" mb={4}>
                <Trans>Versions</Trans>
            </Title>
            <ol className={classes.list}>
                {versions.map(({ id, number, status, size, sha256, createdAt, viewerCan, uploader }) => (
                    <li key={id} className={classes.version} data-shown={id === shown}>
                        <div className={classes.text}>
                            {status === "READY" ? (
                                <Link
                                    to="."
                                    search={(search: object) => ({ ...search, version: number })}
                                    replace
                                    aria-current={id === shown ? "true" : undefined}
                                    className={classes.number}
                                >
                                    <Trans>Version {number}</Trans>
                                </Link>
                            ) : (
                                <span className={classes.number}>
                                    <Trans>Version {number}</Trans>
                                </span>
                            )}
                            <span className={`truncate figures ${classes.meta}`} title={`SHA-256 ${sha256}`}>
                                {formatBytes(size)} · {uploader.displayName} · <Time value={createdAt} />
                            </span>
                        </div>
                        <UploadProgress status={status} />
                        {document.visible !== null && id === published && (
                            <Chip icon={IconEye} tone="approved">
                                <Trans>Visible to the client</Trans>
                            </Chip>
                        )}
                        {status === "READY" && id !== published && document.viewerCan.includes("PUBLISH") && (
                            <Button
                                variant="subtle"
                                size="compact-sm"
                                loading={busy === id}
                                onClick={() => void publishVersion(id)}
                            >
                                <Trans>Publish</Trans>
                            </Button>
                        )}
                        {viewerCan.includes("RESTORE") && (
                            <Button variant="subtle" size="compact-sm" loading={busy === id} onClick={() => void restore(id)}>
                                <Trans>Restore</Trans>
                            </Button>
                        )}
                        {status === "READY" && (
                            <Tooltip label={t`Download version ${number}`}>
                                <ActionIcon
                                    variant="subtle"
                                    color="gray"
                                    aria-label={t`Download version ${number}`}
                                    onClick={() => void download(id)}
                                >
                                    <IconDownload size={16} />
                                </ActionIcon>
                            </Tooltip>
                        )}
                    </li>
                ))}
            </ol>
        </section>
    );
}
