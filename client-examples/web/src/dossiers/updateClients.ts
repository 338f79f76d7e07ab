import type { Cache } from "@urql/exchange-graphcache";
import { invalidateField } from "../graphql/invalidateField";
import type { DossierEvent } from "../live/events";

/** Reads the lists of clients again when a new dossier appears. Changes of known dossiers are in the event. */
export function updateClients(event: DossierEvent, cache: Cache) {
    if (event.type === "CLIENT_CREATED" || event.type === "CLIENT_MOVED") invalidateField(cache, "Query", "clients");
}
