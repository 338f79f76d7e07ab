import { useQuery } from "urql";
import { useViewer } from "../viewer/ViewerContext";
import { graphql } from "../graphql/graphql";

const OVERDUE = graphql(`
    query Overdue {
        invoices(first: 100, filter: { overdue: true }) { nodes { id overdue } }
    }
`);

/** Returns the number of overdue invoices, up to 100. */
export function useOverdueCount() {
    const { role } = useViewer();
    const [{ data }] = useQuery({ query: OVERDUE, pause: role === "STAFF" });
    return data?.invoices.nodes.filter(({ overdue }) => overdue).length ?? 0;
}
