import { useQuery } from "urql";
import { DOCUMENT } from "./queries";

/** Reads a document, and returns it with the version of this number, or else the newest one that can be opened. */
export function useDocument(id: string, number: number | undefined) {
    const [{ data, error }, read] = useQuery({ query: DOCUMENT, variables: { id } });
    const document = data?.node?.__typename === "Document" ? data.node : undefined;
    const versions = document ? [...document.versions.nodes].sort((a, b) => b.number - a.number) : [];
    const ready = versions.filter(({ status }) => status === "READY");
    const version = ready.find((version) => version.number === number) ?? ready[0];
    return { document, versions, version, isLoaded: data !== undefined, error, read: () => read({ requestPolicy: "network-only" }) };
}
