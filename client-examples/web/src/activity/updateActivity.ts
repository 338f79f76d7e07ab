import type { Cache, Link } from "@urql/exchange-graphcache";
import type { DossierEvent } from "../live/events";
import type { ActivityFilter } from "./queries";

/**
 * Adds an event on top of the cached lists whose filter it meets. A `REMOVED` event has made the cache forget its
 * subject, so that lists with events of the subject are read again.
 */
export function updateActivity({ id, type, client }: DossierEvent, cache: Cache) {
    if (!id || !client) return;
    const key = cache.keyOfEntity({ __typename: "DossierEvent", id });
    for (const { fieldName, fieldKey, arguments: args } of cache.inspectFields("Query")) {
        const { clientId, types } = (args ?? {}) as ActivityFilter;
        if (fieldName !== "activity" || args?.before || !types?.includes(type)) continue;
        if (clientId && clientId !== client.id) continue;
        const page = cache.resolve("Query", fieldKey) as string | null;
        const events = page && (cache.resolve(page, "events") as string[] | null);
        if (events && key && !events.includes(key)) cache.link(page, "events", [key, ...events] as Link);
    }
}
