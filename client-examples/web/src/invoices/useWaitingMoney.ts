import { useQuery } from "urql";
import { WAITING_MONEY } from "./queries";

/** Returns the quotes that the client can answer, and the unpaid invoices, the oldest due day first. */
export function useWaitingMoney(clientId: string) {
    const [{ data, error }, read] = useQuery({ query: WAITING_MONEY, variables: { clientId } });
    const money =
        data && {
            quotes: data.quotes.nodes.filter(({ viewerCan }) => viewerCan.includes("ACCEPT")),
            invoices: data.invoices.nodes
                .filter(({ status }) => status === "ISSUED" || status === "PARTIALLY_PAID")
                .sort((a, b) => (a.dueOn ?? "").localeCompare(b.dueOn ?? "")),
        };
    return { money, error, retry: () => read({ requestPolicy: "network-only" }) };
}
