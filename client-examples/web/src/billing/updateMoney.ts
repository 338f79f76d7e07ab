import type { Cache, UpdateResolver } from "@urql/exchange-graphcache";
import { includesText } from "../documents/sortDocuments";
import { addToLists, removeFromLists } from "../graphql/addToLists";
import { typeOfId } from "../graphql/ids";
import { invalidateField } from "../graphql/invalidateField";
import { pending } from "../graphql/pending";
import type { DossierEvent } from "../live/events";

const LISTS = { Quote: "quotes", Invoice: "invoices", CreditNote: "creditNotes" };

const DELETIONS = ["QUOTE_DELETED", "INVOICE_DELETED", "CREDIT_NOTE_DELETED"];

interface Row {
    __typename: keyof typeof LISTS;
    id: string;
    status: string;
    overdue?: boolean;
    number: string | null;
    title: string;
    client: { id: string; name: string } | null;
    invoice?: { id: string } | null;
}

/** Adds quotes, invoices and credit notes to the cached lists. The event itself carries what lists show. */
export function updateMoney({ type, subject, subjectId, clientMutationId }: DossierEvent, cache: Cache) {
    if (subjectId && DELETIONS.includes(type)) return remove(subjectId, cache);
    // The sums contain it, also if its row was never loaded.
    if (subjectId && type === "REMOVED" && typeOfId(subjectId) in LISTS) return readTotals(cache);
    if (subject?.__typename !== "Quote" && subject?.__typename !== "Invoice" && subject?.__typename !== "CreditNote") return;
    add(subject, cache);
    if (type.startsWith("PAYMENT_") || type === "INVOICE_ISSUED" || type === "CREDIT_NOTE_ISSUED") readTotals(cache);
    if (pending.isOwn(clientMutationId)) return;
    // Other people's changes of drafts are read again where a draft is open.
    if (type.endsWith("_UPDATED")) {
        for (const field of ["lines", "vatBreakdown", "netTotal", "vatTotal", "note"]) cache.invalidate(subject, field);
    }
    // The event has the payments that the sums need. An open invoice shows more of them.
    if (type.startsWith("PAYMENT_")) cache.invalidate(subject, "payments", { first: 30 });
}

const readTotals = (cache: Cache) => invalidateField(cache, "Query", "invoiceTotals");

/** Reads the sums again after a mutation that changes them, also while no events arrive. */
export const changeTotals: UpdateResolver = (_result, _args, cache) => readTotals(cache);

/** Adds what a mutation created, also while no events arrive. */
export const addCreated: UpdateResolver = (result, _, cache, { fieldName }) => {
    const payload = result[fieldName] as Record<string, Row | null>;
    const created = Object.values(payload).find((value) => value && value.__typename in LISTS);
    if (created) add(created, cache);
};

/** Removes a draft that the viewer has deleted, also while no events arrive. */
export const removeDraft: UpdateResolver = (result, _, cache) => {
    const { deletedId } = result.deleteDraft as { deletedId: string | null };
    if (deletedId) remove(deletedId, cache);
};

/** Pages that show the draft, or a link to it, read again. */
function remove(id: string, cache: Cache) {
    const entity = { __typename: typeOfId(id), id };
    removeFromLists(cache, LISTS[entity.__typename as keyof typeof LISTS], entity);
    cache.invalidate(entity);
}

function add(row: Row, cache: Cache) {
    addToLists(
        cache,
        LISTS[row.__typename],
        { __typename: row.__typename, id: row.id },
        (filter) =>
            (!filter.clientId || filter.clientId === row.client?.id) &&
            (!filter.status || filter.status.includes(row.status)) &&
            (filter.overdue === undefined || filter.overdue === row.overdue) &&
            (!filter.search || [row.number, row.title, row.client?.name].some((text) => text && includesText(text, filter.search!))),
    );
    if (row.__typename === "CreditNote" && row.invoice) invalidateField(cache, { __typename: "Invoice", id: row.invoice.id }, "creditNotes");
}
