import { useQuery } from "urql";
import { useViewer } from "../viewer/ViewerContext";
import { graphql } from "../graphql/graphql";

const OVERDUE = graphql(`
    query Overdue {
        invoiceTotals(filter: { overdue: true }) { currency overdueCount }
    }
`);

/** Returns the number of overdue invoices. */
export function useOverdueCount() {
    const { role } = useViewer();
    const [{ data }] = useQuery({ query: OVERDUE, pause: role === "STAFF" });
    return data?.invoiceTotals.reduce((count, { overdueCount }) => count + overdueCount, 0) ?? 0;
}
