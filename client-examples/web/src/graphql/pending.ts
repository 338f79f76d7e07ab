import { t } from "@lingui/core/macro";
import { useSyncExternalStore } from "react";

interface Stalled {
    resume: () => void;
    giveUp: () => void;
}

/** The server has failed to answer a mutation again and again. Nobody knows whether it happened. */
export class ServerFailed extends Error {}

/** The mutations that the server has not confirmed yet. */
class PendingMutations {
    #pending = new Set<string>();
    #stored: string[] = [];
    #own = new Set<string>();
    #stalled = new Set<Stalled>();
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

    /** Replaces the mutations that wait in the outbox. */
    setStored(ids: string[]) {
        this.#stored = ids;
        for (const id of ids) this.#own.add(id);
        this.#notify();
    }

    /** Whether this tab sent the mutation. */
    isOwn(id: string | null) {
        return id !== null && this.#own.has(id);
    }

    /** Waits until the person tries again. Rejects if they give up. */
    async stall(signal?: AbortSignal) {
        let stalled: Stalled;
        await new Promise<void>((resume, reject) => {
            const message = t`The server has not confirmed it. Check what happened before you try again.`;
            stalled = { resume, giveUp: () => reject(new ServerFailed(message)) };
            signal?.addEventListener("abort", resume as () => void);
            this.#stalled.add(stalled);
            this.#notify();
        }).finally(() => {
            this.#stalled.delete(stalled);
            this.#notify();
        });
    }

    resume() {
        for (const { resume } of this.#stalled) resume();
    }

    giveUp() {
        for (const { giveUp } of this.#stalled) giveUp();
    }

    size = () => new Set([...this.#pending, ...this.#stored]).size;

    stalledSize = () => this.#stalled.size;

    #notify() {
        for (const listener of this.#listeners) listener();
    }
}

export const pending = new PendingMutations();

/** Returns the number of mutations that wait for the server's answer. */
export const usePendingCount = () => useSyncExternalStore(pending.subscribe, pending.size);

/** Returns the number of mutations that are not sent again until the person says so. */
export const useStalledCount = () => useSyncExternalStore(pending.subscribe, pending.stalledSize);
