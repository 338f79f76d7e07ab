import { useEffect, useMemo, useState } from "react";
import { useQuery } from "urql";
import { useDecided } from "./decisions";
import { QUEUE } from "./queries";

/** Returns all pending requests, oldest first, without those that were just decided. It reads one page after the other. */
export function usePendingRequests() {
    const [after, setAfter] = useState<string>();
    const [{ data, error }, read] = useQuery({ query: QUEUE, variables: { after } });
    const decided = useDecided();
    const list = data?.validationRequests;
    const next = list?.pageInfo.hasNextPage ? list.pageInfo.endCursor : undefined;
    useEffect(() => {
        if (next) setAfter(next);
    }, [next]);
    const requests = useMemo(
        () =>
            list?.nodes
                .filter(({ id, status }) => status === "PENDING" && !decided.has(id))
                .sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id)),
        [list, decided],
    );
    return { requests, error, retry: () => read({ requestPolicy: "network-only" }) };
}

export const usePendingCount = () => usePendingRequests().requests?.length ?? 0;
