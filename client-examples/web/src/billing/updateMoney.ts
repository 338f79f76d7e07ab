import type { Cache, UpdateResolver } from "@urql/exchange-graphcache";
import { addToLists } from "../graphql/addToLists";
import { invalidateField } from "../graphql/invalidateField";
import { pending } from "../graphql/pending";
import type { DossierEvent } from "../live/events";

const LISTS = { Quote: "quotes", Invoice: "invoices", CreditNote: "creditNotes" };

interface Row {
    __typename: keyof typeof LISTS;
    id: string;
    status: string;
    overdue?: boolean;
    client: { id: string } | null;
    invoice?: { id: string } | null;
}

/** Adds quotes, invoices and credit notes to the cached lists. The event itself carries what lists show. */
export function updateMoney({ type, subject, clientMutationId }: DossierEvent, cache: Cache) {
    if (subject?.__typename !== "Quote" && subject?.__typename !== "Invoice" && subject?.__typename !== "CreditNote") return;
    add(subject, cache);
    if (pending.isOwn(clientMutationId)) return;
    // Other people's changes of drafts are read again where a draft is open.
    if (type.endsWith("_UPDATED")) {
        for (const field of ["lines", "vatBreakdown", "netTotal", "vatTotal", "note"]) cache.invalidate(subject, field);
    }
    // The event has the payments that the sums need. An open invoice shows more of them.
    if (type.startsWith("PAYMENT_")) cache.invalidate(subject, "payments", { first: 30 });
}

/** Adds what a mutation created, also while no events arrive. */
export const addCreated: UpdateResolver = (result, _, cache, { fieldName }) => {
    const payload = result[fieldName] as Record<string, Row | null>;
    const created = Object.values(payload).find((value) => value && value.__typename in LISTS);
    if (created) add(created, cache);
};

function add(row: Row, cache: Cache) {
    addToLists(
        cache,
        LISTS[row.__typename],
        { __typename: row.__typename, id: row.id },
        (filter) =>
            (!filter.clientId || filter.clientId === row.client?.id) &&
            (!filter.status || filter.status.includes(row.status)) &&
            (filter.overdue === undefined || filter.overdue === row.overdue),
    );
    if (row.__typename === "CreditNote" && row.invoice) invalidateField(cache, { __typename: "Invoice", id: row.invoice.id }, "creditNotes");
}
