import { useSyncExternalStore } from "react";

/** The mutations that the server has not confirmed yet. */
class Outbox {
    #pending = new Set<string>();
    #own = new Set<string>();
    #listeners = new Set<() => void>();

    subscribe = (listener: () => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    };

    /** Adds a mutation, and returns the function that removes it. */
    add(id: string) {
        this.#own.add(id);
        this.#pending.add(id);
        this.#notify();
        return () => {
            this.#pending.delete(id);
            this.#notify();
        };
    }

    /** Whether this tab sent the mutation. */
    isOwn(id: string | null) {
        return id !== null && this.#own.has(id);
    }

    size = () => this.#pending.size;

    #notify() {
        for (const listener of this.#listeners) listener();
    }
}

export const outbox = new Outbox();

/** Returns the number of mutations that wait for the server's answer. */
export const usePendingCount = () => useSyncExternalStore(outbox.subscribe, outbox.size);
