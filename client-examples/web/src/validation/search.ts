/** The part of the queue that is displayed, and the decision that needs a reason. */
export interface QueueSearch {
    filter?: "mine" | "late" | "overdue";
    client?: string;
    decide?: "REJECT" | "REQUEST_CHANGES";
}

export function validateQueueSearch({ filter, client, decide }: Record<string, unknown>): QueueSearch {
    return {
        ...((filter === "mine" || filter === "late" || filter === "overdue") && { filter }),
        ...(typeof client === "string" && { client }),
        ...((decide === "REJECT" || decide === "REQUEST_CHANGES") && { decide }),
    };
}

/** Returns the search of the list alone, without a decision. */
export const filtersOf = ({ filter, client }: QueueSearch) => validateQueueSearch({ filter, client });
