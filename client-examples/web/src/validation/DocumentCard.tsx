import { Trans } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { FileIcon } from "../documents/FileIcon";
import { useDownload } from "../documents/useDownload";
import { formatBytes } from "../text/format";
import type { OpenRequest } from "./queries";
import classes from "./Request.module.css";
import { VersionLink } from "./SubjectLinks";

/** A version that the decision is about, with a preview where the browser has one. */
export function DocumentCard({ version, clientId }: { version: OpenRequest["files"][number]; clientId: string | undefined }) {
    const { document, number, size, contentType, sha256, download } = version;
    const image = contentType.startsWith("image/");
    const open = useDownload();
    return (
        <section className={classes.document}>
            <div className={classes.file}>
                <FileIcon contentType={contentType} size={24} />
                <div style={{ flex: 1, minWidth: 0 }}>
                    <Text fw={600} className="truncate">
                        {document && (
                            <VersionLink id={document.id} zone={document.zone} number={number} clientId={clientId}>
                                {document.name}
                            </VersionLink>
                        )}
                    </Text>
                    <Text fz={12} c="dimmed" className="figures truncate" title={`SHA-256 ${sha256}`}>
                        <Trans>Version {number}</Trans> · {formatBytes(size)} · {sha256.slice(0, 8)}
                    </Text>
                </div>
                {download && (
                    <Button
                        variant="default"
                        size="xs"
                        leftSection={<IconExternalLink size={14} />}
                        onClick={() => void open(version.id)}
                    >
                        <Trans>Open</Trans>
                    </Button>
                )}
            </div>
            {download && image && <img className={classes.preview} src={download.url} alt={document?.name ?? ""} />}
        </section>
    );
}
