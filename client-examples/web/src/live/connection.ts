import { useSyncExternalStore } from "react";

/** How long a pong proves that the connection works. */
const PROOF = 15_000;
/** How long to wait for further events before the count of missed events is shown. */
const QUIET = 1_500;
const SHOWN = 8_000;

export type ConnectionState =
    | { status: "connecting" }
    | { status: "live"; caughtUp?: number }
    /** `since` is the last time at which the connection was known to work. */
    | { status: "reconnecting"; since: Date };

/** The state of the socket, as proven by the server's answers. */
class Connection {
    state: ConnectionState = { status: "connecting" };
    #lastProof: Date | undefined;
    #proofTimer: ReturnType<typeof setTimeout> | undefined;
    #quietTimer: ReturnType<typeof setTimeout> | undefined;
    #missed: number | undefined;
    #listeners = new Set<() => void>();

    subscribe = (listener: () => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    };

    /** The server answered. */
    prove() {
        this.#lastProof = new Date();
        clearTimeout(this.#proofTimer);
        this.#proofTimer = setTimeout(() => this.lose(), PROOF);
        if (this.state.status === "live") return;
        if (this.state.status === "reconnecting") {
            this.#missed = 0;
            this.#waitForQuiet();
        }
        this.#set({ status: "live" });
    }

    /** The connection is broken, or no longer known to work. */
    lose() {
        clearTimeout(this.#proofTimer);
        clearTimeout(this.#quietTimer);
        if (this.state.status === "live") this.#set({ status: "reconnecting", since: this.#lastProof! });
    }

    /** An event arrived. Events that arrive just after a reconnection were missed before. */
    countEvent() {
        if (this.#missed === undefined) return;
        this.#missed++;
        this.#waitForQuiet();
    }

    /** Begins anew. With a time, stored data of this time is displayed until there is a connection. */
    reset(since?: Date) {
        clearTimeout(this.#proofTimer);
        clearTimeout(this.#quietTimer);
        this.#missed = undefined;
        this.#set(since ? { status: "reconnecting", since } : { status: "connecting" });
    }

    #waitForQuiet() {
        clearTimeout(this.#quietTimer);
        this.#quietTimer = setTimeout(() => {
            this.#set({ status: "live", caughtUp: this.#missed! });
            this.#missed = undefined;
            this.#quietTimer = setTimeout(() => this.#set({ status: "live" }), SHOWN);
        }, QUIET);
    }

    #set(state: ConnectionState) {
        this.state = state;
        for (const listener of this.#listeners) listener();
    }
}

export const connection = new Connection();

/** Returns the state of the connection, and renders again when it changes. */
export const useConnection = () => useSyncExternalStore(connection.subscribe, () => connection.state);
