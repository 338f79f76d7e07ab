import { Plural, Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconChecks, IconPointer } from "@tabler/icons-react";
import { getRouteApi, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useLingui } from "@lingui/react/macro";
import { useMemo, useRef, useState } from "react";
import listClasses from "../hub/List.module.css";
import { ListDetail } from "../hub/ListDetail";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { useKeysOf } from "../shortcuts/useShortcuts";
import { useViewer } from "../viewer/ViewerContext";
import { QueueProvider } from "./QueueContext";
import { QueueHeader } from "./QueueHeader";
import { QueueRow } from "./QueueRow";
import { filtersOf } from "./search";
import { usePendingRequests } from "./usePendingRequests";
import { usePresence } from "../live/presence";
import { useQueueKeys } from "./useQueueKeys";
import { useRows } from "./useRows";

const route = getRouteApi("/app/hub/validation");

/** The requests that wait for a decision, and the opened one beside them. */
export function QueuePage() {
    const { t } = useLingui();
    const search = route.useSearch();
    const navigate = useNavigate();
    const { requestId } = useParams({ strict: false });
    const { member } = useViewer();
    const { filter, client, by } = search;
    const all = usePendingRequests();
    const { requests, more, isComplete, error, retry } = usePendingRequests({
        overdue: filter === "overdue",
        byDueDate: filter === "overdue" || by === "due",
    });
    const [text, setText] = useState("");
    const filterRef = useRef<HTMLInputElement>(null);
    const { rows, waiting, showWaiting, pointer } = useRows(requests, isComplete, search, text, member?.id);
    const viewersOf = usePresence("VIEWING");
    const [cursor, setCursor] = useState<string>();
    const nextKey = useKeysOf()("next");
    const count = all.requests?.length ?? 0;
    useDocumentTitle(count > 0 ? t`(${count}) Validation` : t`Validation`);

    const filters = useMemo(() => filtersOf({ filter, client, by }), [filter, client, by]);
    const open = (id: string | undefined) => {
        setCursor(id);
        if (id) void navigate({ to: "/validation/$requestId", params: { requestId: id }, search: filters });
        else void navigate({ to: "/validation", search: filters });
    };
    const openAfter = (id: string) => {
        const index = rows.findIndex((row) => row.id === id);
        const rest = rows.filter((row) => row.id !== id);
        open(rest[Math.min(Math.max(index, 0), rest.length - 1)]?.id);
    };
    useQueueKeys({ rows, cursor: requestId ?? cursor, openId: requestId, open, setCursor, filterRef });

    const list = (
        <>
            <QueueHeader ref={filterRef} requests={all.requests ?? []} isComplete={all.isComplete} text={text} onText={setText} />
            {waiting > 0 && (
                <Button variant="light" size="xs" m={8} onClick={showWaiting}>
                    <Plural value={waiting} one="# new request" other="# new requests" />
                </Button>
            )}
            <div className={listClasses.rows} role={rows.length > 0 ? "list" : undefined} {...pointer}>
                {error && !requests ? (
                    <ErrorState error={error} onRetry={retry} />
                ) : !requests ? (
                    <ListSkeleton height={65} />
                ) : rows.length === 0 ? (
                    <EmptyQueue filtered={count > 0} onClear={() => void navigate({ to: "/validation" })} />
                ) : (
                    rows.map((request) => (
                        <QueueRow
                            key={request.id}
                            request={request}
                            viewers={viewersOf(request.id)}
                            selected={request.id === (requestId ?? cursor)}
                            search={filters}
                        />
                    ))
                )}
                {more && error && <LoadMore {...more} key={more.key} />}
            </div>
        </>
    );
    return (
        <QueueProvider value={{ rows, openAfter, viewersOf }}>
            <ListDetail
                open={requestId !== undefined}
                list={list}
                detail={
                    requestId ? (
                        <Outlet />
                    ) : (
                        rows.length > 0 && (
                            <EmptyState icon={IconPointer} title={nextKey ? <Trans>Choose a request, or press {nextKey}.</Trans> : <Trans>Choose a request.</Trans>} />
                        )
                    )
                }
            />
        </QueueProvider>
    );
}

function EmptyQueue({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
    if (!filtered) return <EmptyState icon={IconChecks} title={<Trans>Nothing waits for a decision.</Trans>} />;
    return (
        <EmptyState icon={IconChecks} title={<Trans>No waiting request matches the filters.</Trans>}>
            <Button variant="default" size="xs" onClick={onClear}>
                <Trans>Show all</Trans>
            </Button>
        </EmptyState>
    );
}
