import { useMemo, useSyncExternalStore } from "react";
import type { Kind } from "./operations";
import { outbox } from "./outbox";
import type { Entry } from "./storage";

const useAllEntries = () => useSyncExternalStore(outbox.subscribe, () => outbox.entries);

/** Returns the entries of these kinds in the order in which they were written. */
export function useEntries<K extends Kind>(...kinds: K[]) {
    const entries = useAllEntries();
    const key = kinds.join();
    return useMemo(() => entries.filter(({ kind }) => key.split(",").includes(kind)) as Entry<K>[], [entries, key]);
}

/** Returns the number of entries, also of failed ones. */
export const useEntryCount = () => useAllEntries().length;
