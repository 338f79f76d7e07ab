import type { Cache } from "@urql/exchange-graphcache";
import { graphql } from "../graphql/graphql";
import { invalidateField } from "../graphql/invalidateField";
import type { DossierEvent } from "../live/events";

const lastActivity = graphql(`fragment LastActivity on Client { id lastActivityAt }`);

/** Reads the lists of clients again when a new dossier appears. Changes of known dossiers are in the event. */
export function updateClients({ type, client, occurredAt }: DossierEvent, cache: Cache) {
    if (type === "CLIENT_CREATED" || type === "CLIENT_MOVED") invalidateField(cache, "Query", "clients");
    if (client) cache.writeFragment(lastActivity, { id: client.id, lastActivityAt: occurredAt });
}
