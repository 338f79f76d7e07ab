import type { Cache, Link } from "@urql/exchange-graphcache";

interface Filter {
    clientId?: string | null;
    status?: string[] | string | null;
    zone?: string[] | null;
    search?: string | null;
    overdue?: boolean;
}

/**
 * Adds an object to the cached lists of a root field whose filter it meets. The pages sort their lists. Returns whether
 * one of them already contained it.
 */
export function addToLists(
    cache: Cache,
    field: string,
    entity: { __typename: string; id: string },
    accepts: (filter: Filter) => boolean,
) {
    const key = cache.keyOfEntity(entity);
    let known = false;
    for (const { fieldName, fieldKey, arguments: args } of cache.inspectFields("Query")) {
        if (fieldName !== field || args?.after || !accepts((args?.filter ?? {}) as Filter)) continue;
        const list = cache.resolve("Query", fieldKey) as string | null;
        const nodes = list && (cache.resolve(list, "nodes") as string[] | null);
        if (!nodes || !key) continue;
        if (nodes.includes(key)) known = true;
        else cache.link(list, "nodes", [...nodes, key] as Link);
    }
    return known;
}

/** Removes an object from the cached lists of a root field. */
export function removeFromLists(cache: Cache, field: string, entity: { __typename: string; id: string }) {
    const key = cache.keyOfEntity(entity);
    for (const { fieldName, fieldKey } of cache.inspectFields("Query")) {
        const list = fieldName === field && (cache.resolve("Query", fieldKey) as string | null);
        const nodes = list && (cache.resolve(list, "nodes") as string[] | null);
        if (nodes && key && nodes.includes(key)) cache.link(list, "nodes", nodes.filter((node) => node !== key) as Link);
    }
}
