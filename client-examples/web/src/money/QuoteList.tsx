import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import type { QuoteRow } from "../billing/rows";
import { usePages } from "../graphql/usePages";
import { QUOTES } from "./queries";
import { QuoteLink } from "./MoneyLink";
import { Rows } from "./Rows";
import { sortRows } from "./sortRows";
import { useListFilter } from "./useListFilter";

const route = getRouteApi("/app/hub/money");

const STATUSES: Record<string, QuoteRow["status"][] | undefined> = {
    waiting: ["ISSUED"],
    draft: ["DRAFT"],
    accepted: ["ACCEPTED"],
    refused: ["REFUSED"],
};

/** The quotes with a status. */
export function QuoteList({ selected }: { selected: string | undefined }) {
    const { state = "waiting" } = route.useSearch();
    const { filter, orderBy } = useListFilter();
    const statuses = STATUSES[state];
    const { rows, more, error, retry } = usePages(QUOTES, { filter: { ...filter, status: statuses ?? null }, orderBy });
    const shown = rows?.filter((quote) => !statuses || statuses.includes(quote.status));
    return (
        <Rows error={error} onRetry={retry} more={more} empty={filter.search ? undefined : <Trans>No quote matches.</Trans>}>
            {shown && sortRows(shown, orderBy).map((quote) => <QuoteLink key={quote.id} quote={quote} selected={quote.id === selected} />)}
        </Rows>
    );
}
