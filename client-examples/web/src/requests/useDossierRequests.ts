import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { moreOf } from "../graphql/moreOf";
import { DOSSIER_REQUESTS } from "./queries";

/** Returns the requests of a dossier, with the last changed first. `more` reads the next page. */
export function useDossierRequests(clientId: string) {
    const [after, setAfter] = useState<string | null>();
    const [{ data, error }, read] = useQuery({ query: DOSSIER_REQUESTS, variables: { clientId, after } });
    const page = data?.validationRequests;
    const requests = useMemo(() => page && [...page.nodes].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)), [page]);
    const retry = () => read({ requestPolicy: "network-only" });
    return {
        requests,
        error,
        retry,
        more: moreOf(page?.pageInfo, error !== undefined, setAfter, retry),
    };
}
