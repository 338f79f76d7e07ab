/** The part of the queue that is displayed, and the decision that needs a reason. */
export interface QueueSearch {
    filter?: "mine" | "late" | "overdue";
    client?: string;
    /** The order of due dates. The default is oldest first. */
    by?: "due";
    decide?: "REJECT" | "REQUEST_CHANGES";
}

export function validateQueueSearch({ filter, client, by, decide }: Record<string, unknown>): QueueSearch {
    return {
        ...((filter === "mine" || filter === "late" || filter === "overdue") && { filter }),
        ...(typeof client === "string" && { client }),
        ...(by === "due" && { by }),
        ...((decide === "REJECT" || decide === "REQUEST_CHANGES") && { decide }),
    };
}

/** Returns the search of the list alone, without a decision. */
export const filtersOf = ({ filter, client, by }: QueueSearch) => validateQueueSearch({ filter, client, by });
