import type { Cache, UpdateResolver } from "@urql/exchange-graphcache";
import { removeFromLists } from "../graphql/addToLists";
import { invalidateField } from "../graphql/invalidateField";

/** Has the trash read again after a document joined it, or something else may stop a purge. */
export const readTrash = (cache: Cache) => invalidateField(cache, "Query", "deletedDocuments");

/** Removes a document from the trash. */
export const leaveTrash = (cache: Cache, id: string) => removeFromLists(cache, "deletedDocuments", { __typename: "Document", id });

const restored: UpdateResolver = (result, _, cache) => {
    const { document } = result.restoreDocument as { document: { id: string } | null };
    if (document) leaveTrash(cache, document.id);
};

const purged: UpdateResolver = (result, _, cache) => {
    const { purgedId } = result.purgeDocument as { purgedId: string | null };
    if (purgedId) leaveTrash(cache, purgedId);
};

const rulesChanged: UpdateResolver = (_result, _args, cache) => readTrash(cache);

/** The updates of the cached trash. */
export const trashUpdates = {
    restoreDocument: restored,
    purgeDocument: purged,
    setLegalHold: rulesChanged,
    liftLegalHold: rulesChanged,
};
