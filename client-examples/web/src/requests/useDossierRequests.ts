import { useMemo } from "react";
import { usePages } from "../graphql/usePages";
import { DOSSIER_REQUESTS } from "./queries";

/** Returns the requests of a dossier, with the last changed first. `more` reads the next page. */
export function useDossierRequests(clientId: string) {
    const { rows, ...pages } = usePages(DOSSIER_REQUESTS, { clientId });
    const requests = useMemo(() => rows && [...rows].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)), [rows]);
    return { requests, ...pages };
}
