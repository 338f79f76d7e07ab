import { Trans } from "@lingui/react/macro";
import { usePages } from "../graphql/usePages";
import { CreditNoteLink } from "./MoneyLink";
import { CREDIT_NOTES } from "./queries";
import { Rows } from "./Rows";
import { sortRows } from "./sortRows";
import { useListFilter } from "./useListFilter";

/** The credit notes. */
export function CreditNoteList({ selected }: { selected: string | undefined }) {
    const { filter, orderBy } = useListFilter();
    const { rows, more, error, retry } = usePages(CREDIT_NOTES, { filter, orderBy });
    return (
        <Rows
            error={error}
            onRetry={retry}
            more={more}
            empty={filter.search ? undefined : <Trans>There are no credit notes.</Trans>}
        >
            {rows &&
                sortRows(rows, orderBy).map((creditNote) => (
                    <CreditNoteLink key={creditNote.id} creditNote={creditNote} selected={creditNote.id === selected} />
                ))}
        </Rows>
    );
}
