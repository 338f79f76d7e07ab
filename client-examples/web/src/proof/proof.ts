import { useSyncExternalStore } from "react";
import { Cancelled } from "../states/Cancelled";

interface Waiting {
    promise: Promise<void>;
    resolve: () => void;
    reject: (cause: Error) => void;
}

function wait(): Waiting {
    let resolve!: () => void;
    let reject!: (cause: Error) => void;
    const promise = new Promise<void>((...functions) => ([resolve, reject] = functions));
    return { promise, resolve, reject };
}

/** Asks the person to prove again who they are. Mutations that need it at the same time share one dialog. */
class Proof {
    #waiting: Waiting | undefined;
    #listeners = new Set<() => void>();

    subscribe = (listener: () => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    };

    isAsked = () => this.#waiting !== undefined;

    /** Shows the dialog. Rejects with `Cancelled` if the person closes it. */
    ask() {
        const { promise } = (this.#waiting ??= wait());
        this.#notify();
        return promise;
    }

    accept = () => this.#end()?.resolve();
    cancel = () => this.#end()?.reject(new Cancelled());

    #end() {
        const waiting = this.#waiting;
        this.#waiting = undefined;
        this.#notify();
        return waiting;
    }

    #notify() {
        for (const listener of this.#listeners) listener();
    }
}

export const proof = new Proof();

/** Returns whether the person must prove who they are. */
export const useProofAsked = () => useSyncExternalStore(proof.subscribe, proof.isAsked);
