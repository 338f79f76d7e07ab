import type { UpdateResolver } from "@urql/exchange-graphcache";
import { invalidateField } from "../graphql/invalidateField";

/** Reads the sites again after one was added. */
const addSite: UpdateResolver = (_result, _args, cache) => {
    const viewer = cache.resolve("Query", "viewer") as string | null;
    if (viewer) invalidateField(cache, viewer, "sites");
};

export const siteUpdates = { addSite };
