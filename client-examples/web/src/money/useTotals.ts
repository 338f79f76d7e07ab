import { useQuery } from "urql";
import { graphql } from "../graphql/graphql";

const TOTALS = graphql(`
    query MoneyTotals($month: DateRange!) {
        unpaid: invoiceTotals(filter: { status: [ISSUED, PARTIALLY_PAID] }) {
            currency
            count
            due { amount currency }
            overdue { amount currency }
            overdueCount
        }
        expected: invoiceTotals(filter: { status: [ISSUED, PARTIALLY_PAID], dueOn: $month }) {
            currency
            due { amount currency }
        }
    }
`);

/** Returns the sums of the invoices that wait for money, and of those among them that must be paid in a month. */
export function useTotals(month: string) {
    const [year, index] = month.split("-").map(Number) as [number, number];
    // Day 0 of the next month is the last day of this one.
    const to = new Date(Date.UTC(year, index, 0)).toISOString().slice(0, 10);
    const [{ data, error }, read] = useQuery({ query: TOTALS, variables: { month: { from: `${month}-01`, to } } });
    return { totals: data, error, retry: () => read({ requestPolicy: "network-only" }) };
}
