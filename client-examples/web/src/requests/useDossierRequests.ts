import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { DOSSIER_REQUESTS } from "./queries";

/** Returns the requests of a dossier, with the last changed first. `readMore` reads the next page. */
export function useDossierRequests(clientId: string) {
    const [after, setAfter] = useState<string | null>();
    const [{ data, error, fetching }, read] = useQuery({ query: DOSSIER_REQUESTS, variables: { clientId, after } });
    const page = data?.validationRequests;
    const requests = useMemo(() => page && [...page.nodes].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)), [page]);
    return {
        requests,
        error,
        retry: () => read({ requestPolicy: "network-only" }),
        hasMore: page?.pageInfo.hasNextPage ?? false,
        readMore: page?.pageInfo.hasNextPage && !fetching ? () => setAfter(page.pageInfo.endCursor) : undefined,
    };
}
