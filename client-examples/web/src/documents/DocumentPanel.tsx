import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Title, Tooltip } from "@mantine/core";
import { IconDownload, IconFileOff, IconX } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { ApprovalMark } from "./ApprovalMark";
import { DocumentMenu } from "./DocumentMenu";
import classes from "./Document.module.css";
import { Preview } from "./preview/Preview";
import { UploadProgress } from "./UploadProgress";
import { useDocument } from "./useDocument";
import { useDownload } from "./useDownload";
import { VersionList } from "./VersionList";
import { VisibilityButton } from "./VisibilityButton";

const route = getRouteApi("/app/hub/dossiers/$clientId/files/$zone/$documentId");

/** An opened file of the hub: its preview and its versions. */
export function DocumentPanel() {
    const { t } = useLingui();
    const { clientId, zone, documentId } = route.useParams();
    const { version: number } = route.useSearch();
    const { document, versions, version, isLoaded, error, read } = useDocument(documentId, number);
    const download = useDownload();
    if (error && !document) return <ErrorState error={error} onRetry={read} />;
    if (!isLoaded) return <PageSkeleton />;
    const close = (
        <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t`Close`}
            renderRoot={(props) => (
                <Link
                    to="/dossiers/$clientId/files/$zone"
                    params={{ clientId, zone }}
                    search={(search: object) => ({ ...search, version: undefined })}
                    {...props}
                />
            )}
        >
            <IconX size={18} />
        </ActionIcon>
    );
    if (!document) {
        return (
            <EmptyState icon={IconFileOff} title={<Trans>This file does not exist, or you cannot see it.</Trans>}>
                {close}
            </EmptyState>
        );
    }
    return (
        <article>
            <header className={classes.head}>
                <Title order={3} fz={15} className={classes.title}>
                    {document.name}
                </Title>
                <ApprovalMark approval={document.approval} />
                <VisibilityButton document={document} />
                {version && (
                    <Tooltip label={t`Download`}>
                        <ActionIcon variant="subtle" color="gray" aria-label={t`Download`} onClick={() => void download(version.id)}>
                            <IconDownload size={18} stroke={1.6} />
                        </ActionIcon>
                    </Tooltip>
                )}
                <DocumentMenu document={document} clientId={clientId} />
                {close}
            </header>
            {version ? (
                <Preview key={version.id} version={version} name={document.name} />
            ) : (
                <EmptyState icon={IconFileOff} title={<Trans>This file cannot be opened yet.</Trans>}>
                    <UploadProgress status={document.status} />
                </EmptyState>
            )}
            <VersionList document={document} versions={versions} shown={version?.id} headingOrder={4} />
        </article>
    );
}
