import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { InvoiceLink } from "./MoneyLink";
import { Rows } from "./Rows";
import { useUnpaid } from "./useUnpaid";

const route = getRouteApi("/app/hub/money");

/** The invoices that wait for money, or only the overdue ones. The oldest comes first. */
export function UnpaidList({ selected }: { selected: string | undefined }) {
    const { state, client, currency } = route.useSearch();
    const { invoices, error, retry } = useUnpaid();
    const shown = invoices?.filter(
        (invoice) =>
            (state !== "overdue" || invoice.overdue) &&
            (!client || invoice.client?.id === client) &&
            (!currency || invoice.total.currency === currency),
    );
    return (
        <Rows
            error={error}
            onRetry={retry}
            empty={state === "overdue" ? <Trans>Nothing is overdue.</Trans> : <Trans>All invoices are settled.</Trans>}
        >
            {shown?.map((invoice) => (
                <InvoiceLink key={invoice.id} invoice={invoice} selected={invoice.id === selected} />
            ))}
        </Rows>
    );
}
