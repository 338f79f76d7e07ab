import type { Cache } from "@urql/exchange-graphcache";
import { addToLists } from "../graphql/addToLists";
import { invalidateField } from "../graphql/invalidateField";
import type { DossierEvent } from "../live/events";

/**
 * Adds a request to the cached lists. A page shows only the requests of its status, so that decided requests leave it
 * without a further change.
 */
export function updateQueue({ subject, subjectId, type, client }: DossierEvent, cache: Cache) {
    if (!type.startsWith("VALIDATION_") || !subjectId) return;
    const entity = { __typename: "ValidationRequest", id: subjectId };
    invalidateField(cache, entity, "history");
    if (subject?.__typename !== "ValidationRequest") return;
    addToLists(
        cache,
        "validationRequests",
        entity,
        ({ clientId, status }) => (!clientId || clientId === client?.id) && (!status || status.includes(subject.status)),
    );
}
