import { useSyncExternalStore } from "react";
import type { Client } from "urql";
import { send } from "../graphql/send";
import { APPROVE, REJECT, REQUEST_CHANGES, type RequestRow } from "./queries";

/** How long a decision waits before it is sent, so that it can be undone. */
export const UNDO_MILLISECONDS = 5_000;

export interface Decision {
    kind: "APPROVE" | "REJECT" | "REQUEST_CHANGES";
    reason: string;
}

interface Waiting {
    timer: ReturnType<typeof setTimeout>;
    sendNow: () => Promise<void>;
}

/** The decisions that the server has not confirmed yet. Their requests have already left the queue. */
class Decisions {
    ids: ReadonlySet<string> = new Set();
    #waiting = new Map<string, Waiting>();
    #listeners = new Set<() => void>();

    subscribe = (listener: () => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    };

    /** Sends a decision after the time for undoing it. Calls `refuse` if the server refuses it. */
    add(client: Client, request: RequestRow, decision: Decision, refuse: (cause: unknown) => void) {
        const { id } = request;
        const sendNow = async () => {
            this.#waiting.delete(id);
            await submit(client, request, decision).catch(refuse);
            this.#remove(id);
        };
        this.ids = new Set(this.ids).add(id);
        this.#waiting.set(id, { sendNow, timer: setTimeout(() => void sendNow(), UNDO_MILLISECONDS) });
        this.#notify();
    }

    /** Takes a decision back that was not sent yet. */
    undo(id: string) {
        clearTimeout(this.#waiting.get(id)?.timer);
        if (this.#waiting.delete(id)) this.#remove(id);
    }

    /** Sends all waiting decisions now. */
    async flush() {
        const waiting = [...this.#waiting.values()];
        await Promise.all(
            waiting.map(({ timer, sendNow }) => {
                clearTimeout(timer);
                return sendNow();
            }),
        );
    }

    #remove(id: string) {
        const ids = new Set(this.ids);
        ids.delete(id);
        this.ids = ids;
        this.#notify();
    }

    #notify() {
        for (const listener of this.#listeners) listener();
    }
}

async function submit(client: Client, { id, revision }: RequestRow, { kind, reason }: Decision) {
    const input = { id, expectedRevision: revision };
    if (kind === "APPROVE") return send(client, APPROVE, { input: { ...input, ...(reason && { reason }) } });
    if (kind === "REJECT") return send(client, REJECT, { input: { ...input, reason } });
    return send(client, REQUEST_CHANGES, { input: { ...input, reason } });
}

export const decisions = new Decisions();

addEventListener("pagehide", () => void decisions.flush());

/** Returns the ids of the requests whose decision is not confirmed yet. */
export const useDecisions = () => useSyncExternalStore(decisions.subscribe, () => decisions.ids);
