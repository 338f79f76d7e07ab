import type { UpdateResolver } from "@urql/exchange-graphcache";
import { invalidateField } from "../graphql/invalidateField";

/** Reads the keys again after one was created. */
const createApiKey: UpdateResolver = (_result, _args, cache) => invalidateField(cache, "Query", "apiKeys");

export const apiKeyUpdates = { createApiKey };
