import type { Cache, UpdateResolver } from "@urql/exchange-graphcache";
import { addToLists } from "../graphql/addToLists";
import { invalidateField } from "../graphql/invalidateField";
import type { DossierEvent } from "../live/events";
import type { RequestRow } from "./queries";

/** The lists of a request that an event changes. */
const FIELDS = ["history", "comments"];

/**
 * Adds a request to the cached lists. A page shows only the requests of its status, so that decided requests leave it
 * without a further change.
 */
export function updateQueue({ subject, subjectId, type }: DossierEvent, cache: Cache) {
    if (!type.startsWith("VALIDATION_") || !subjectId) return;
    for (const field of FIELDS) invalidateField(cache, { __typename: "ValidationRequest", id: subjectId }, field);
    if (subject?.__typename !== "ValidationRequest") return;
    addRequest(subject, cache);
    const document = subject.documentVersion?.document;
    if (type === "VALIDATION_APPROVED" && document) invalidateField(cache, { __typename: "Document", id: document.id }, "approval");
}

/** Adds a request that the viewer has submitted, also while no events arrive. */
export const addSubmitted: UpdateResolver = (result, _, cache) => {
    const request = (result.submitValidationRequest as { validationRequest: RequestRow | null }).validationRequest;
    if (request) addRequest(request, cache);
};

/** Has the comments of a request read again after the viewer's own, also while no events arrive. */
export const readComments: UpdateResolver = (_, { input }, cache) =>
    invalidateField(cache, { __typename: "ValidationRequest", id: (input as { id: string }).id }, "comments");

function addRequest({ id, client, status, overdue }: RequestRow, cache: Cache) {
    addToLists(
        cache,
        "validationRequests",
        { __typename: "ValidationRequest", id },
        (filter) =>
            (!filter.clientId || filter.clientId === client?.id) &&
            (!filter.status || filter.status.includes(status)) &&
            (filter.overdue === undefined || filter.overdue === overdue),
    );
}
