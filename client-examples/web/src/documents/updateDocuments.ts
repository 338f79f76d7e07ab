import type { Cache, UpdateResolver } from "@urql/exchange-graphcache";
import { addToLists, removeFromLists } from "../graphql/addToLists";
import { typeOfId } from "../graphql/ids";
import { invalidateField } from "../graphql/invalidateField";
import { EVENT_VERSIONS, type DossierEvent } from "../live/events";
import { ZONES } from "./queries";
import { includesText } from "./sortDocuments";
import { leaveTrash, readTrash } from "./updateTrash";
import type { Zone } from "./zones";

/** Adds a document to the cached lists of its dossier, or removes it. The pages show only the documents of their zone. */
export function updateDocuments({ type, subject, subjectId, client }: DossierEvent, cache: Cache) {
    if (type === "REMOVED" && subjectId && typeOfId(subjectId) === "Document") removeDocument(cache, subjectId);
    if (type === "CLIENT_UPDATED") readTrash(cache);
    if (subject?.__typename !== "Document" || !client) return;
    if (type === "DOCUMENT_RESTORED") leaveTrash(cache, subject.id);
    const { id, name, zone, status } = subject;
    const entity = { __typename: "Document", id };
    const wasListed = addToLists(
        cache,
        "documents",
        entity,
        (filter) =>
            (!filter.clientId || filter.clientId === client.id) &&
            (!filter.zone || filter.zone.includes(zone)) &&
            (!filter.search || includesText(name, filter.search)),
    );
    if (type === "DOCUMENT_UPLOAD_REQUESTED" && status === "PENDING" && !wasListed) countDocument(cache, client.id, zone);
    if (type === "DOCUMENT_MOVED" || type === "DOCUMENT_RESTORED") invalidateField(cache, { __typename: "Client", id: client.id }, "documents");
    if (type.startsWith("DOCUMENT_UPLOAD") || type === "DOCUMENT_VERSION_RESTORED") readVersions(cache, entity);
}

/** Has the versions of an opened document read again. Those that the event itself contains stay, or it would be empty. */
function readVersions(cache: Cache, entity: { __typename: string; id: string }) {
    for (const { fieldName, arguments: args } of cache.inspectFields(entity)) {
        if (fieldName === "versions" && args?.last !== EVENT_VERSIONS) cache.invalidate(entity, fieldName, args ?? undefined);
    }
}

/** Counts a new document without reading the counts again, because somebody may upload hundreds. */
function countDocument(cache: Cache, clientId: string, zone: Zone) {
    cache.updateQuery({ query: ZONES, variables: { clientId } }, (data) => {
        if (!data?.client) return data;
        return { ...data, client: { ...data.client, [zone]: { ...data.client[zone], totalCount: data.client[zone].totalCount + 1 } } };
    });
}

/** Removes a document that the viewer has deleted, also while no events arrive. */
export const removeDeleted: UpdateResolver = (result, _, cache) => {
    const { deletedId } = result.deleteDocument as { deletedId: string | null };
    if (deletedId) removeDocument(cache, deletedId);
};

function removeDocument(cache: Cache, id: string) {
    removeFromLists(cache, "documents", { __typename: "Document", id });
    readTrash(cache);
    for (const { fieldName, arguments: args } of cache.inspectFields("Query")) {
        if (fieldName === "client") invalidateField(cache, { __typename: "Client", id: args?.id as string }, "documents");
    }
}
