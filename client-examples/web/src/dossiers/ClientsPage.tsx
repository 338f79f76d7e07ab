import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Center, Loader } from "@mantine/core";
import { useDebouncedValue, useDocumentTitle, useIntersection } from "@mantine/hooks";
import { IconFolders } from "@tabler/icons-react";
import { getRouteApi, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { ListDetail } from "../hub/ListDetail";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { ClientRow, ColumnTitles } from "./ClientRow";
import classes from "./Clients.module.css";
import { ClientsHeader } from "./ClientsHeader";
import { CLIENTS } from "./queries";

const route = getRouteApi("/app/hub/dossiers");

/** All dossiers, and the opened one beside them. */
export function ClientsPage() {
    const { t } = useLingui();
    const { clientId } = useParams({ strict: false });
    const { search, status, order = "NAME_ASC" } = route.useSearch();
    const [settled] = useDebouncedValue(search, 200);
    const navigate = useNavigate();
    useDocumentTitle(t`Dossiers`);

    const filter = { search: settled ?? null, status: status ? [status] : null };
    const key = JSON.stringify([filter, order]);
    const [page, setPage] = useState({ key, after: null as string | null });
    const after = page.key === key ? page.after : null;
    const [{ data, error, stale, fetching }, read] = useQuery({ query: CLIENTS, variables: { filter, orderBy: order, after } });
    const clients = data?.clients.nodes;
    const next = data?.clients.pageInfo.hasNextPage ? data.clients.pageInfo.endCursor : null;
    const { ref, entry } = useIntersection({ rootMargin: "400px" });
    const isNear = entry?.isIntersecting;
    useEffect(() => {
        if (isNear && next && !fetching) setPage({ key, after: next });
    }, [isNear, next, fetching, key]);

    const list = (
        <>
            <ClientsHeader />
            <div className={classes.rows} data-compact={clientId !== undefined} aria-busy={stale}>
                {error && !clients ? (
                    <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />
                ) : !clients ? (
                    <ListSkeleton height={49} />
                ) : clients.length === 0 ? (
                    <EmptyState icon={IconFolders} title={<Trans>No dossier matches.</Trans>}>
                        <Button variant="default" size="xs" onClick={() => void navigate({ to: "/dossiers" })}>
                            <Trans>Show all</Trans>
                        </Button>
                    </EmptyState>
                ) : (
                    <>
                        <ColumnTitles />
                        {clients.map((client) => (
                            <ClientRow key={client.id} client={client} selected={client.id === clientId} />
                        ))}
                    </>
                )}
                {next && (
                    <Center ref={ref} p="md">
                        <Loader type="dots" color="gray" size="sm" />
                    </Center>
                )}
            </div>
        </>
    );
    return <ListDetail wide open={clientId !== undefined} list={list} detail={clientId ? <Outlet /> : null} />;
}
