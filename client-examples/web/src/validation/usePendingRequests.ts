import { useMemo } from "react";
import { useAllPages } from "../graphql/usePages";
import { useDecided } from "./decisions";
import { QUEUE } from "./queries";

const NO_VARIABLES = {};

/** Returns all pending requests, oldest first, without those that were just decided. It reads one page after the other. */
export function usePendingRequests() {
    const { rows, more, isComplete, error, retry } = useAllPages(QUEUE, NO_VARIABLES);
    const decided = useDecided();
    const requests = useMemo(
        () =>
            rows
                ?.filter(({ id, status }) => status === "PENDING" && !decided.has(id))
                .sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id)),
        [rows, decided],
    );
    return { requests, more, isComplete, error, retry };
}

export const usePendingCount = () => usePendingRequests().requests?.length ?? 0;
