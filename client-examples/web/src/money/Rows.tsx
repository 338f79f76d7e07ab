import { Button } from "@mantine/core";
import { Trans } from "@lingui/react/macro";
import { IconFileInvoice } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, type ComponentProps, type ReactNode } from "react";
import type { CombinedError } from "urql";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import classes from "./Money.module.css";

const route = getRouteApi("/app/hub/money");

interface Props {
    /** The rows. Undefined while they are read. */
    children: ReactNode[] | undefined;
    /** Why there are no rows. Undefined if they were searched. */
    empty: ReactNode;
    error: CombinedError | undefined;
    onRetry: () => void;
    /** The end of a list that has further pages. */
    more?: (ComponentProps<typeof LoadMore> & { key: string }) | undefined;
}

/** A list with its states. It reads further pages when its end comes near. */
export function Rows({ children, empty, error, onRetry, more }: Props) {
    const navigate = useNavigate();
    const { kind, state, month, search } = route.useSearch();
    // A page may have no row that is shown.
    const isEmpty = children?.length === 0;
    useEffect(() => {
        if (isEmpty && more && !more.failed) more.onVisible();
    }, [isEmpty, more]);
    if (error && !children) return <ErrorState error={error} onRetry={onRetry} />;
    if (!children || (isEmpty && more && !more.failed)) return <ListSkeleton height={52} />;
    if (isEmpty) {
        return (
            <EmptyState icon={IconFileInvoice} title={empty ?? <Trans>Nothing matches.</Trans>}>
                {(search || (kind !== "creditNotes" && (state !== "all" || month))) && (
                    <Button variant="default" size="xs" onClick={() => void navigate({ to: "/money", search: { ...(kind && { kind }), state: "all" } })}>
                        <Trans>Show all</Trans>
                    </Button>
                )}
            </EmptyState>
        );
    }
    return (
        <div className={classes.rows}>
            {children}
            {more && <LoadMore {...more} key={more.key} />}
        </div>
    );
}
