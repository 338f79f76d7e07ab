import { useMemo } from "react";
import type { VariablesOf } from "../graphql/graphql";
import { useAllPages } from "../graphql/usePages";
import { useDecided } from "./decisions";
import { QUEUE, type RequestRow } from "./queries";

interface Options {
    /** Only those whose due date is over. */
    overdue?: boolean;
    /** Earliest due date first. The default is oldest first. */
    byDueDate?: boolean;
}

/** Returns all pending requests without those that were just decided. It reads one page after the other. */
export function usePendingRequests({ overdue = false, byDueDate = false }: Options = {}) {
    const variables: VariablesOf<typeof QUEUE> = {
        filter: { status: ["PENDING"], ...(overdue && { overdue }) },
        orderBy: byDueDate ? "DUE_ON_ASC" : "CREATED_AT_ASC",
    };
    const { rows, more, isComplete, error, retry } = useAllPages(QUEUE, variables);
    const decided = useDecided();
    const requests = useMemo(
        () =>
            rows
                ?.filter((request) => request.status === "PENDING" && !decided.has(request.id) && (!overdue || request.overdue))
                .sort((a, b) => (byDueDate && compareDueDates(a, b)) || a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id)),
        [rows, decided, overdue, byDueDate],
    );
    return { requests, more, isComplete, error, retry };
}

/** Those without a due date come last, as on the server. */
const compareDueDates = (a: RequestRow, b: RequestRow) => (a.dueOn ?? "9999").localeCompare(b.dueOn ?? "9999");

export const usePendingCount = () => usePendingRequests().requests?.length ?? 0;
