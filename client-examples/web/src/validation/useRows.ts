import { useEffect, useRef, useState } from "react";
import type { RequestRow } from "./queries";
import type { QueueSearch } from "./search";

const LATE_MILLISECONDS = 2 * 24 * 60 * 60 * 1_000;

export const isLate = ({ createdAt }: RequestRow) => Date.parse(createdAt) < Date.now() - LATE_MILLISECONDS;

/** Returns whether a request meets the filters and contains the text. The server has already left out what is not overdue. */
function matches(request: RequestRow, { filter, client }: QueueSearch, text: string, memberId: string | undefined) {
    if (filter === "mine" && request.assignee?.id !== memberId) return false;
    if (filter === "late" && !isLate(request)) return false;
    if (client && request.client?.id !== client) return false;
    const words = `${request.title} ${request.client?.name} ${request.documentVersion?.document?.name}`;
    return words.toLocaleLowerCase().includes(text.trim().toLocaleLowerCase());
}

/**
 * Returns the rows to display. While the pointer is over the list, new rows wait, so that nothing moves under the
 * pointer.
 */
export function useRows(
    requests: RequestRow[] | undefined,
    isComplete: boolean,
    search: QueueSearch,
    text: string,
    memberId: string | undefined,
) {
    const [pointerInside, setPointerInside] = useState(false);
    const known = useRef<ReadonlySet<string>>(new Set());
    const matching = (requests ?? []).filter((request) => matches(request, search, text, memberId));
    const filters = JSON.stringify([search.filter, search.client, search.by, text]);
    const knownFilters = useRef(filters);
    // Rows of further pages are not new.
    const wasComplete = useRef(false);
    const holds = pointerInside && wasComplete.current && knownFilters.current === filters && known.current.size > 0;
    const rows = holds ? matching.filter(({ id }) => known.current.has(id)) : matching;
    useEffect(() => {
        knownFilters.current = filters;
        wasComplete.current = isComplete;
        if (!holds) known.current = new Set((requests ?? []).map(({ id }) => id));
    });
    return {
        rows,
        waiting: matching.length - rows.length,
        showWaiting: () => setPointerInside(false),
        pointer: { onPointerEnter: () => setPointerInside(true), onPointerLeave: () => setPointerInside(false) },
    };
}
