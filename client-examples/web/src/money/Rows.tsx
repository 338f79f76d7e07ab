import { Button, Center, Loader } from "@mantine/core";
import { Trans } from "@lingui/react/macro";
import { useIntersection } from "@mantine/hooks";
import { IconFileInvoice } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import type { CombinedError } from "urql";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import classes from "./Money.module.css";

const route = getRouteApi("/app/hub/money");

interface Props {
    /** The rows. Undefined while they are read. */
    children: ReactNode[] | undefined;
    empty: ReactNode;
    error: CombinedError | undefined;
    onRetry: () => void;
    /** Reads the next page. Undefined if there is none. */
    onMore?: (() => void) | undefined;
}

/** A list with its states. It reads further pages when its end comes near. */
export function Rows({ children, empty, error, onRetry, onMore }: Props) {
    const navigate = useNavigate();
    const { kind, state, month } = route.useSearch();
    const { ref, entry } = useIntersection({ rootMargin: "400px" });
    const isNear = entry?.isIntersecting;
    useEffect(() => {
        if (isNear) onMore?.();
    }, [isNear, onMore]);
    if (error && !children) return <ErrorState error={error} onRetry={onRetry} />;
    if (!children) return <ListSkeleton height={52} />;
    if (children.length === 0) {
        return (
            <EmptyState icon={IconFileInvoice} title={empty}>
                {kind !== "creditNotes" && (state !== "all" || month) && (
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
            {onMore && (
                <Center ref={ref} p="md">
                    <Loader type="dots" color="gray" size="sm" />
                </Center>
            )}
        </div>
    );
}
