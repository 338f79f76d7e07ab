import { useSyncExternalStore } from "react";

const HALF_MINUTE = 30_000;

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
    listeners.add(listener);
    if (!timer) now = Date.now();
    timer ??= setInterval(() => {
        now = Date.now();
        for (const listener of listeners) listener();
    }, HALF_MINUTE);
    return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
    };
}

/** Returns the time, and renders again every half minute. All users share one timer. */
export const useNow = () => useSyncExternalStore(subscribe, () => now);
