import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { CreditNoteLink } from "./MoneyLink";
import { CREDIT_NOTES } from "./queries";
import { Rows } from "./Rows";
import { usePages } from "../graphql/usePages";

const route = getRouteApi("/app/hub/money");

/** The credit notes, the newest first. */
export function CreditNoteList({ selected }: { selected: string | undefined }) {
    const { client } = route.useSearch();
    const { rows, more, error, retry } = usePages(CREDIT_NOTES, { filter: { clientId: client ?? null } });
    const shown = rows && [...rows].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    return (
        <Rows error={error} onRetry={retry} more={more} empty={<Trans>There are no credit notes.</Trans>}>
            {shown?.map((creditNote) => (
                <CreditNoteLink key={creditNote.id} creditNote={creditNote} selected={creditNote.id === selected} />
            ))}
        </Rows>
    );
}
