import type { Cache, Entity } from "@urql/exchange-graphcache";

/** Removes a field from the cache with all of its arguments. Displayed queries read it again. */
export function invalidateField(cache: Cache, entity: Entity, name: string) {
    for (const { fieldName, arguments: args } of cache.inspectFields(entity)) {
        if (fieldName === name) cache.invalidate(entity, fieldName, args ?? undefined);
    }
}
