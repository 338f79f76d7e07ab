import type { Cache } from "@urql/exchange-graphcache";
import { removeFromLists } from "../graphql/addToLists";
import { typeOfId } from "../graphql/ids";
import { invalidateField } from "../graphql/invalidateField";

/** The root fields with lists, by the type of their rows. */
const LISTS: Record<string, string> = {
    Client: "clients",
    Conversation: "conversations",
    CreditNote: "creditNotes",
    Document: "documents",
    Invoice: "invoices",
    Quote: "quotes",
    ValidationRequest: "validationRequests",
};

/**
 * Forgets an object that the viewer can no longer see. Lists lose it first, because a list with a forgotten row would be
 * read again, and only its last page can be. Most such objects were never loaded.
 */
export function removeSubject(cache: Cache, id: string) {
    const entity = { __typename: typeOfId(id), id };
    const list = LISTS[entity.__typename];
    if (list) removeFromLists(cache, list, entity);
    if (cache.inspectFields(entity).length > 0) cache.invalidate(entity);
    // Everything in the dossier is gone with it, and no further events say so.
    if (entity.__typename === "Client") for (const field of Object.values(LISTS)) invalidateField(cache, "Query", field);
}
