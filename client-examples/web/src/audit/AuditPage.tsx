import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconListSearch } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { usePages } from "../graphql/usePages";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
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
    const { rows, more, error, retry } = usePages(AUDIT_LOG, { filter }, "cache-and-network");
    // The cache adds pages to each other. What was read again may overlap with what is new.
    const entries = rows && [...new Map(rows.map((entry) => [entry.id, entry])).values()].sort((a, b) => b.sequence - a.sequence);
    return (
        <>
            <AuditFilters />
            <div className={classes.log}>
                {error && !entries ? (
                    <ErrorState error={error} onRetry={retry} />
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
            {more && <LoadMore {...more} key={more.key} />}
        </>
    );
}
