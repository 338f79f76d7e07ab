import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import type { InvoiceRow } from "../billing/rows";
import { usePages } from "../graphql/usePages";
import { InvoiceLink } from "./MoneyLink";
import { INVOICES } from "./queries";
import { Rows } from "./Rows";
import { sortRows } from "./sortRows";
import { useListFilter } from "./useListFilter";

const route = getRouteApi("/app/hub/money");

const UNPAID: InvoiceRow["status"][] = ["ISSUED", "PARTIALLY_PAID"];
const STATUSES: Record<string, InvoiceRow["status"][] | undefined> = { unpaid: UNPAID, overdue: UNPAID, draft: ["DRAFT"], paid: ["PAID"] };

/** The invoices that wait for money, the overdue ones, the drafts, the settled ones, or all. */
export function InvoiceList({ selected }: { selected: string | undefined }) {
    const { state = "unpaid", currency } = route.useSearch();
    const { filter, orderBy } = useListFilter();
    const statuses = STATUSES[state];
    const waits = statuses === UNPAID;
    const overdue = state === "overdue" ? { overdue: true } : undefined;
    const { rows, more, error, retry } = usePages(INVOICES, {
        filter: { ...filter, status: statuses ?? null, ...overdue },
        orderBy,
    });
    const shown = rows?.filter(
        (invoice) =>
            (!statuses || statuses.includes(invoice.status)) &&
            (!overdue || invoice.overdue) &&
            (!waits || !currency || invoice.total.currency === currency),
    );
    return (
        <Rows error={error} onRetry={retry} more={more} empty={filter.search ? undefined : <NoInvoice state={state} />}>
            {shown &&
                sortRows(shown, orderBy).map((invoice) => (
                    <InvoiceLink
                        key={invoice.id}
                        invoice={invoice}
                        selected={invoice.id === selected}
                        {...(!waits && { amount: invoice.total })}
                    />
                ))}
        </Rows>
    );
}

function NoInvoice({ state }: { state: string }) {
    if (state === "unpaid") return <Trans>All invoices are settled.</Trans>;
    return state === "overdue" ? <Trans>Nothing is overdue.</Trans> : <Trans>No invoice matches.</Trans>;
}
