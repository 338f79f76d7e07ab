import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Center, Loader } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconListSearch } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { useNextPage } from "../graphql/useNextPage";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import classes from "./Audit.module.css";
import { AuditFilters } from "./AuditFilters";
import { AuditRow } from "./AuditRow";
import { filterOf } from "./filter";
import { AUDIT_LOG } from "./queries";

const route = getRouteApi("/app/hub/settings/audit");

/** The audit log, newest first. */
export function AuditPage() {
    const { t } = useLingui();
    useDocumentTitle(t`Audit log`);
    const navigate = useNavigate();
    const filter = filterOf(route.useSearch());
    const key = JSON.stringify(filter);
    const [page, setPage] = useState({ key, after: null as string | null });
    const after = page.key === key ? page.after : null;
    const [{ data, error, fetching }, read] = useQuery({
        query: AUDIT_LOG,
        variables: { filter, after },
        requestPolicy: "cache-and-network",
    });
    // The cache adds pages to each other. What was read again may overlap with what is new.
    const entries = data && [...new Map(data.auditLog.nodes.map((entry) => [entry.id, entry])).values()].sort((a, b) => b.sequence - a.sequence);
    const next = data?.auditLog.pageInfo.hasNextPage ? data.auditLog.pageInfo.endCursor : null;
    const ref = useNextPage(next, fetching, (cursor) => setPage({ key, after: cursor }));
    return (
        <>
            <AuditFilters />
            <div className={classes.log}>
                {error && !entries ? (
                    <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />
                ) : !entries ? (
                    <ListSkeleton height={44} />
                ) : entries.length === 0 ? (
                    <EmptyState icon={IconListSearch} title={<Trans>No entry matches the filters.</Trans>}>
                        <Button variant="default" size="xs" onClick={() => void navigate({ to: "/settings/audit" })}>
                            <Trans>Show all</Trans>
                        </Button>
                    </EmptyState>
                ) : (
                    entries.map((entry) => <AuditRow key={entry.id} entry={entry} />)
                )}
            </div>
            {next && (
                <Center ref={ref} p="md">
                    <Loader type="dots" color="gray" size="sm" />
                </Center>
            )}
        </>
    );
}
