import type { Cache } from "@urql/exchange-graphcache";
import { addToLists } from "../graphql/addToLists";
import type { DossierEvent } from "../live/events";

/** Adds a document to the cached lists of its dossier. */
export function updateDocuments({ subject, client }: DossierEvent, cache: Cache) {
    if (subject?.__typename !== "Document") return;
    addToLists(
        cache,
        "documents",
        { __typename: "Document", id: subject.id },
        ({ clientId, zone }) => (!clientId || clientId === client?.id) && (!zone || zone.includes(subject.zone)),
    );
}
