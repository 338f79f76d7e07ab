import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useDebouncedValue, useDocumentTitle } from "@mantine/hooks";
import { IconFolders } from "@tabler/icons-react";
import { getRouteApi, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { usePages } from "../graphql/usePages";
import { ListDetail } from "../hub/ListDetail";
import table from "../hub/Table.module.css";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
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
    const { rows: clients, more, error, retry, stale } = usePages(CLIENTS, { filter, orderBy: order });

    const list = (
        <>
            <ClientsHeader />
            <div className={`${table.rows} ${classes.columns}`} aria-busy={stale}>
                {error && !clients ? (
                    <ErrorState error={error} onRetry={retry} />
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
                {more && <LoadMore {...more} key={more.key} />}
            </div>
        </>
    );
    return <ListDetail wide open={clientId !== undefined} list={list} detail={clientId ? <Outlet /> : null} />;
}
