import { Trans } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import { graphql } from "../graphql/graphql";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { Time } from "../text/Time";
import classes from "./DossierRequestsTab.module.css";
import { requestRow } from "./queries";
import { StatusBadge } from "./StatusBadge";

const DOSSIER_REQUESTS = graphql(
    `
        query DossierRequests($clientId: ID!) {
            validationRequests(first: 100, filter: { clientId: $clientId }, orderBy: UPDATED_AT_DESC) {
                nodes { ...RequestRow }
            }
        }
    `,
    [requestRow],
);

const route = getRouteApi("/app/hub/dossiers/$clientId");

/** The newest 100 requests of a dossier. */
export function DossierRequestsTab() {
    const { clientId } = route.useParams();
    const [{ data, error }, read] = useQuery({ query: DOSSIER_REQUESTS, variables: { clientId } });
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <ListSkeleton />;
    const requests = [...data.validationRequests.nodes].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
    if (requests.length === 0) return <EmptyState icon={IconChecks} title={<Trans>This dossier has no requests.</Trans>} />;
    return requests.map(({ id, title, status, updatedAt, submitter, documentVersion }) => (
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
            <Text span fz={12} c="dimmed" ta="right" miw={80}>
                <Time value={updatedAt} />
            </Text>
        </Link>
    ));
}
