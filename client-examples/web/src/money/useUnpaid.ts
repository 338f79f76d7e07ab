import type { InvoiceRow } from "../billing/rows";
import { useAllPages } from "../graphql/usePages";
import { INVOICES } from "./queries";

const FILTER = { filter: { status: ["ISSUED", "PARTIALLY_PAID"] } } satisfies { filter: { status: InvoiceRow["status"][] } };

/** Returns all invoices that wait for money, the oldest due day first. */
export function useUnpaid() {
    const { rows, ...pages } = useAllPages(INVOICES, FILTER);
    const invoices = rows
        ?.filter(({ status }) => status === "ISSUED" || status === "PARTIALLY_PAID")
        .sort((a, b) => (a.dueOn ?? "").localeCompare(b.dueOn ?? "") || (a.number ?? "").localeCompare(b.number ?? ""));
    return { invoices, ...pages };
}
