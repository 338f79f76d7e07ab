import { useQuery } from "urql";
import { useViewer } from "../viewer/ViewerContext";
import { graphql } from "../graphql/graphql";

const OVERDUE = graphql(`
    query Overdue($filter: InvoiceFilter) {
        invoiceTotals(filter: $filter) { currency overdueCount }
    }
`);

/** Returns the number of overdue invoices of a dossier, or of all. */
export function useOverdueCount(clientId?: string) {
    const { role } = useViewer();
    const filter = { overdue: true, ...(clientId && { clientId }) };
    const [{ data }] = useQuery({ query: OVERDUE, variables: { filter }, pause: role === "STAFF" });
    return data?.invoiceTotals.reduce((count, { overdueCount }) => count + overdueCount, 0) ?? 0;
}
