import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFolderOpen, IconFolderQuestion, IconLock, IconSearchOff } from "@tabler/icons-react";
import { getRouteApi, Outlet, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { usePages } from "../graphql/usePages";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { DropZone } from "../uploads/DropZone";
import { uploads } from "../uploads/uploads";
import { useViewer } from "../viewer/ViewerContext";
import classes from "./Files.module.css";
import { FileRow } from "./FileRow";
import { ZONE_DOCUMENTS, ZONES as ZONES_QUERY } from "./queries";
import { includesText, sortDocuments, type DocumentOrder } from "./sortDocuments";
import { ZoneHeader } from "./ZoneHeader";
import { seesZone, ZONES, type Zone } from "./zones";

const route = getRouteApi("/app/hub/dossiers/$clientId/files/$zone");

/** A zone of a dossier. Its address names it. */
export function ZonePage() {
    const { role } = useViewer();
    const { clientId, zone: slug } = route.useParams();
    const entry = ZONES.find((entry) => entry.slug === slug);
    if (!entry || !seesZone(role, entry.zone)) {
        return <EmptyState icon={IconFolderQuestion} title={<Trans>This page does not exist, or you cannot see it.</Trans>} />;
    }
    return <ZoneFiles key={`${clientId} ${slug}`} clientId={clientId} zone={entry.zone} slug={slug} />;
}

/** The files of a zone, where new ones can be dropped anywhere, and the opened one beside them. */
function ZoneFiles({ clientId, zone, slug }: { clientId: string; zone: Zone; slug: string }) {
    const { t } = useLingui();
    const { documentId } = useParams({ strict: false });
    const [search, setSearch] = useState("");
    const [settled] = useDebouncedValue(search.trim(), 200);
    const [order, setOrder] = useState<DocumentOrder>("UPDATED_AT_DESC");
    const filter = { clientId, zone: [zone], search: settled || null };
    const { rows, more, error, retry } = usePages(ZONE_DOCUMENTS, { filter, orderBy: order });
    const [{ data: dossier }] = useQuery({ query: ZONES_QUERY, variables: { clientId } });
    const allowed = dossier?.client?.viewerCanUploadTo.includes(zone) ?? false;

    const add = (files: File[]) =>
        uploads.add(files, dossier?.client?.name ?? "", (file) => ({ newDocument: { clientId, zone, name: file.name } }));
    const documents =
        rows &&
        sortDocuments(
            rows.filter((document) => document.zone === zone && includesText(document.name, settled)),
            order,
        );
    return (
        <DropZone label={t`Drop the files to upload them`} disabled={!allowed} onDrop={add} className={classes.split} data-open={documentId !== undefined}>
            <section className={classes.list} data-private={zone === "PRIVATE"}>
                {zone === "PRIVATE" && (
                    <Text fz={13} className={classes.banner}>
                        <IconLock size={15} stroke={1.7} aria-hidden />
                        <Trans>The client never sees this zone.</Trans>
                    </Text>
                )}
                <ZoneHeader
                    search={search}
                    order={order}
                    onSearch={setSearch}
                    onOrder={setOrder}
                    onFiles={allowed ? add : undefined}
                />
                {error && !documents ? (
                    <ErrorState error={error} onRetry={retry} />
                ) : !documents ? (
                    <ListSkeleton height={52} />
                ) : documents.length === 0 && settled ? (
                    <EmptyState icon={IconSearchOff} title={<Trans>No file matches.</Trans>} />
                ) : documents.length === 0 ? (
                    <EmptyState
                        icon={IconFolderOpen}
                        title={allowed ? <Trans>This zone is empty. Drop files anywhere here.</Trans> : <Trans>This zone is empty.</Trans>}
                    />
                ) : (
                    <ul className={classes.rows}>
                        {documents.map((document) => (
                            <FileRow
                                key={document.id}
                                document={document}
                                clientId={clientId}
                                slug={slug}
                                selected={document.id === documentId}
                            />
                        ))}
                    </ul>
                )}
                {more && <LoadMore {...more} key={more.key} />}
            </section>
            {documentId && (
                <div className={classes.panel} key={documentId}>
                    <Outlet />
                </div>
            )}
        </DropZone>
    );
}
