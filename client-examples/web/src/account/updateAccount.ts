import type { UpdateResolver } from "@urql/exchange-graphcache";
import { invalidateField } from "../graphql/invalidateField";

const FIELDS = ["totpEnabled", "recoveryCodesLeft", "passkeys"];

/** Reads the factors and the sessions again after one of the factors changed. */
const factorsChanged: UpdateResolver = (_result, _args, cache) => {
    const viewer = cache.resolve("Query", "viewer") as string | null;
    if (viewer) for (const field of FIELDS) cache.invalidate(viewer, field);
    invalidateField(cache, "Query", "sessions");
};

const sessionsChanged: UpdateResolver = (_result, _args, cache) => {
    invalidateField(cache, "Query", "sessions");
    for (const { fieldName, fieldKey } of cache.inspectFields("Query")) {
        if (fieldName !== "node") continue;
        const member = cache.resolve("Query", fieldKey) as string | null;
        if (member?.startsWith("Member:")) invalidateField(cache, member, "sessions");
    }
};

/** The updates of the cached account. */
export const accountUpdates = {
    confirmTotp: factorsChanged,
    removeTotp: factorsChanged,
    regenerateRecoveryCodes: factorsChanged,
    addPasskey: factorsChanged,
    removePasskey: factorsChanged,
    changePassword: sessionsChanged,
    endSession: sessionsChanged,
    endAllSessions: sessionsChanged,
};
