import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor, Button, Group } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft, IconDownload, IconFileOff, IconTrash } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { PortalTitle } from "../portal/PortalTitle";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { ApprovalMark } from "./ApprovalMark";
import { DeleteDialog } from "./DeleteDialog";
import classes from "./Document.module.css";
import { Preview } from "./preview/Preview";
import { UploadProgress } from "./UploadProgress";
import { useDocument } from "./useDocument";
import { useDownload } from "./useDownload";
import { VersionList } from "./VersionList";

const route = getRouteApi("/app/portal/documents/$documentId");

/** A document of the portal: its preview, and its versions. */
export function MyDocumentPage() {
    const { t } = useLingui();
    const { documentId } = route.useParams();
    const { version: number } = route.useSearch();
    const { document, versions, version, isLoaded, error, read } = useDocument(documentId, number);
    const download = useDownload();
    const navigate = useNavigate();
    const [deleting, setDeleting] = useState(false);
    useDocumentTitle(document?.name ?? t`My documents`);
    if (error && !document) return <ErrorState error={error} onRetry={read} />;
    if (!isLoaded) return <PageSkeleton />;
    return (
        <>
            <Anchor renderRoot={(props) => <Link to="/portal/documents" {...props} />} fz="sm" className={classes.back}>
                <IconArrowLeft size={16} aria-hidden /> <Trans>My documents</Trans>
            </Anchor>
            {!document ? (
                <EmptyState icon={IconFileOff} title={<Trans>This file does not exist, or you cannot see it.</Trans>} />
            ) : (
                <>
                    <PortalTitle>{document.name}</PortalTitle>
                    {document.approval !== "NONE" && (
                        <Group mb="md">
                            <ApprovalMark approval={document.approval} />
                        </Group>
                    )}
                    {version && (
                        <Button
                            size="md"
                            mb="md"
                            className={classes.download}
                            leftSection={<IconDownload size={18} />}
                            onClick={() => void download(version.id)}
                        >
                            <Trans>Download</Trans>
                        </Button>
                    )}
                    <div className={classes.sheet}>
                        {version ? (
                            <Preview key={version.id} version={version} name={document.name} />
                        ) : (
                            <EmptyState icon={IconFileOff} title={<Trans>This file cannot be opened yet.</Trans>}>
                                <UploadProgress status={document.status} />
                            </EmptyState>
                        )}
                        <VersionList document={document} versions={versions} shown={version?.id} headingOrder={2} />
                    </div>
                    {document.viewerCan.includes("DELETE") && (
                        <Button
                            variant="subtle"
                            color="red"
                            size="sm"
                            mt="md"
                            leftSection={<IconTrash size={16} />}
                            onClick={() => setDeleting(true)}
                        >
                            <Trans>Delete</Trans>
                        </Button>
                    )}
                    {deleting && (
                        <DeleteDialog
                            document={document}
                            onClose={() => setDeleting(false)}
                            onDeleted={() => void navigate({ to: "/portal/documents", replace: true })}
                        />
                    )}
                </>
            )}
        </>
    );
}
