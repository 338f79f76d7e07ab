import type { Cache, Link } from "@urql/exchange-graphcache";

interface Filter {
    clientId?: string | null;
    status?: string[] | string | null;
    zone?: string[] | null;
}

/** Adds an object to the cached lists of a root field whose filter it meets. The pages sort their lists. */
export function addToLists(
    cache: Cache,
    field: string,
    entity: { __typename: string; id: string },
    accepts: (filter: Filter) => boolean,
) {
    const key = cache.keyOfEntity(entity);
    for (const { fieldName, fieldKey, arguments: args } of cache.inspectFields("Query")) {
        if (fieldName !== field || args?.after || !accepts((args?.filter ?? {}) as Filter)) continue;
        const list = cache.resolve("Query", fieldKey) as string | null;
        const nodes = list && (cache.resolve(list, "nodes") as string[] | null);
        if (nodes && key && !nodes.includes(key)) cache.link(list, "nodes", [...nodes, key] as Link);
    }
}
