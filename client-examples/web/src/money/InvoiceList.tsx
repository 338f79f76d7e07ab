import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import type { InvoiceRow } from "../billing/rows";
import { InvoiceLink } from "./MoneyLink";
import { INVOICES } from "./queries";
import { Rows } from "./Rows";
import { usePages } from "../graphql/usePages";

const route = getRouteApi("/app/hub/money");

const STATUSES: Record<string, InvoiceRow["status"][]> = { draft: ["DRAFT"], paid: ["PAID"] };

/** Drafts, settled or all invoices, the newest first. */
export function InvoiceList({ selected }: { selected: string | undefined }) {
    const { state = "all", client } = route.useSearch();
    const statuses = STATUSES[state];
    const filter = { status: statuses ?? null, clientId: client ?? null };
    const { rows, more, error, retry } = usePages(INVOICES, { filter });
    const shown = rows
        ?.filter((invoice) => !statuses || statuses.includes(invoice.status))
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    return (
        <Rows error={error} onRetry={retry} more={more} empty={<Trans>No invoice matches.</Trans>}>
            {shown?.map((invoice) => (
                <InvoiceLink key={invoice.id} invoice={invoice} selected={invoice.id === selected} amount={invoice.total} />
            ))}
        </Rows>
    );
}
