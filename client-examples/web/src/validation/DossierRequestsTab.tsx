import { Trans } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useDossierRequests } from "../requests/useDossierRequests";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { Time } from "../text/Time";
import classes from "./DossierRequestsTab.module.css";
import { StatusBadge } from "./StatusBadge";

const route = getRouteApi("/app/hub/dossiers/$clientId");

/** The requests of a dossier, with the last changed first. */
export function DossierRequestsTab() {
    const { clientId } = route.useParams();
    const { requests, error, retry, more } = useDossierRequests(clientId);
    if (error && !requests) return <ErrorState error={error} onRetry={retry} />;
    if (!requests) return <ListSkeleton />;
    if (requests.length === 0) return <EmptyState icon={IconChecks} title={<Trans>This dossier has no requests.</Trans>} />;
    const rows = requests.map(({ id, title, status, updatedAt, submitter, documentVersion }) => (
        <Link key={id} to="/validation/$requestId" params={{ requestId: id }} className={classes.row}>
            <div style={{ minWidth: 0 }}>
                <Text fw={600} className="truncate">
                    {title}
                </Text>
                <Text fz={12} c="dimmed" className="truncate">
                    {submitter.displayName}
                    {documentVersion && ` · ${documentVersion.document?.name} · v${documentVersion.number}`}
                </Text>
            </div>
            <StatusBadge status={status} />
            <Text span fz={12} c="dimmed" ta="right">
                <Time value={updatedAt} />
            </Text>
        </Link>
    ));
    return (
        <>
            <div className={classes.rows}>{rows}</div>
            {more && <LoadMore {...more} key={more.key} />}
        </>
    );
}
