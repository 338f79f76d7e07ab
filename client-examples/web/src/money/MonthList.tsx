import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { InvoiceLink } from "./MoneyLink";
import { Rows } from "./Rows";
import { useReceived } from "./useReceived";

const route = getRouteApi("/app/hub/money");

/** The invoices for which money was received in a month, with the received amounts. */
export function MonthList({ month, selected }: { month: string; selected: string | undefined }) {
    const { client, currency } = route.useSearch();
    const { invoicesOf, isLoading, error, retry } = useReceived();
    const shown = invoicesOf(month).filter(
        ({ invoice, received }) => (!client || invoice.client?.id === client) && (!currency || received.currency === currency),
    );
    return (
        <Rows error={error} onRetry={retry} empty={<Trans>Nothing was received in this month.</Trans>}>
            {isLoading
                ? undefined
                : shown.map(({ invoice, received }) => (
                      <InvoiceLink key={invoice.id} invoice={invoice} selected={invoice.id === selected} amount={received} />
                  ))}
        </Rows>
    );
}
