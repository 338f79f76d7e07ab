import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import type { QuoteRow } from "../billing/rows";
import { QUOTES } from "./queries";
import { QuoteLink } from "./MoneyLink";
import { Rows } from "./Rows";
import { usePages } from "../graphql/usePages";

const route = getRouteApi("/app/hub/money");

const STATUSES: Record<string, QuoteRow["status"][] | undefined> = {
    waiting: ["ISSUED"],
    draft: ["DRAFT"],
    accepted: ["ACCEPTED"],
    refused: ["REFUSED"],
};

/** The quotes with a status, the newest first. */
export function QuoteList({ selected }: { selected: string | undefined }) {
    const { state = "waiting", client } = route.useSearch();
    const statuses = STATUSES[state];
    const filter = { status: statuses ?? null, clientId: client ?? null };
    const { rows, more, error, retry } = usePages(QUOTES, { filter });
    const shown = rows
        ?.filter((quote) => !statuses || statuses.includes(quote.status))
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    return (
        <Rows error={error} onRetry={retry} more={more} empty={<Trans>No quote matches.</Trans>}>
            {shown?.map((quote) => (
                <QuoteLink key={quote.id} quote={quote} selected={quote.id === selected} />
            ))}
        </Rows>
    );
}
