import { t } from "@lingui/core/macro";
import type { Client } from "@urql/core";
import type { TadaDocumentNode } from "gql.tada";
import { pending } from "../graphql/pending";
import { Refused, send, type Payload } from "../graphql/send";
import { SignInRequired } from "../session/session";
import type { Viewer } from "../viewer/queries";
import { OPERATIONS, type InputOf, type Kind, type PayloadOf } from "./operations";
import { keyOf, readEntries, writeEntries, type Entry } from "./storage";

/** The server remembers an idempotency key for 24 hours. */
const KEY_MILLISECONDS = 23 * 60 * 60 * 1_000;

const documentOf = (kind: Kind) => OPERATIONS[kind] as unknown as TadaDocumentNode<Record<string, Payload>, { input: object }>;

/**
 * The entries that one viewer has written, and the server has not confirmed. They are stored in the browser, and sent in
 * the order in which they were written. All tabs share them.
 */
class Outbox {
    entries: Entry[] = [];
    #key = "";
    #client: Client | undefined;
    #sending: { id: string; controller: AbortController } | undefined;
    #work = Promise.resolve();
    #confirmed = new Map<string, (payload: Payload) => void>();
    #listeners = new Set<() => void>();

    subscribe = (listener: () => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    };

    /** Begins to send the viewer's entries. Returns the function that ends it. */
    open(viewer: Viewer, client: Client) {
        this.#key = keyOf(viewer);
        this.#client = client;
        this.#load();
        for (const entry of this.entries) {
            if (entry.sentAt && !entry.failure && Date.now() - entry.sentAt > KEY_MILLISECONDS) {
                const message = t`It is not known whether this was sent. Check before you try again.`;
                this.#change(entry.id, { failure: { message, unconfirmed: true } });
            }
        }
        const readOtherTab = (event: StorageEvent) => event.key === this.#key && this.#load();
        const flush = () => this.#flushOnce();
        addEventListener("storage", readOtherTab);
        addEventListener("pagehide", flush);
        this.#send();
        return () => {
            removeEventListener("storage", readOtherTab);
            removeEventListener("pagehide", flush);
            this.#client = undefined;
            this.#sending?.controller.abort();
            this.#set([]);
        };
    }

    /** Stores a mutation, and sends it after the delay. Resolves when the server has confirmed it to this page. */
    add<K extends Kind>(kind: K, input: InputOf<K>, title: string, delay = 0) {
        const now = Date.now();
        const id = crypto.randomUUID();
        this.#store([...this.#read(), { id, kind, input, title, writtenAt: now, sendAt: now + delay } as Entry]);
        const payload = new Promise<PayloadOf<K>>((resolve) => this.#confirmed.set(id, resolve as (payload: Payload) => void));
        setTimeout(() => this.#send(), delay);
        return payload;
    }

    /** Removes an entry. If it was sent, it may have happened. */
    remove(id: string) {
        if (this.#sending?.id === id) this.#sending.controller.abort();
        this.#confirmed.delete(id);
        this.#store(this.#read().filter((entry) => entry.id !== id));
    }

    /** Sends a failed entry again. The server remembers a refusal under the key, and therefore gets another one. */
    retry(id: string) {
        const entry = this.entries.find((known) => known.id === id);
        if (!entry) return;
        const repeats = entry.failure?.unconfirmed && Date.now() - entry.sentAt! < KEY_MILLISECONDS;
        this.#change(id, { failure: undefined, ...(!repeats && { id: crypto.randomUUID(), sentAt: undefined }) });
        this.#send();
    }

    /** Sends what waits for its delay now. Resolves when it is sent, or when the network is too slow for it. */
    async flush(milliseconds = 3_000) {
        for (const { id } of this.entries) this.#change(id, { sendAt: 0 });
        this.#send();
        await Promise.race([this.#work, new Promise((resolve) => setTimeout(resolve, milliseconds))]);
    }

    /** Whether an earlier page wrote the entry. This page does not get the event that would confirm it. */
    isOlderThanPage(id: string) {
        return !this.#confirmed.has(id);
    }

    /** An event shows that a mutation has happened. */
    confirm(id: string | null) {
        if (id && this.entries.some((entry) => entry.id === id)) this.#store(this.#read().filter((entry) => entry.id !== id));
    }

    /** Sends the due entries, one after the other. Only one tab does so at a time, if the browser has locks. */
    #send() {
        const run = () => this.#sendDue();
        this.#work = this.#work.then(async () => {
            await (navigator.locks ? navigator.locks.request(this.#key, run) : run());
        });
    }

    async #sendDue() {
        for (;;) {
            if (!this.#client) return;
            const entry = this.#read().find(({ failure, sendAt }) => !failure && sendAt <= Date.now());
            if (!entry) return;
            await this.#sendEntry(this.#client, entry);
        }
    }

    async #sendEntry(client: Client, { id, kind, input, sentAt }: Entry) {
        const controller = new AbortController();
        this.#sending = { id, controller };
        this.#change(id, { sentAt: sentAt ?? Date.now() });
        try {
            const payload = await send(client, documentOf(kind), { input }, id, controller.signal);
            this.#confirmed.get(id)?.(payload);
            this.#sending = undefined;
            this.remove(id);
        } catch (cause) {
            if (controller.signal.aborted) return;
            // If the session has ended, the entries are sent when the person has signed in again.
            if (cause instanceof SignInRequired) this.#client = undefined;
            else this.#change(id, { failure: { message: (cause as Error).message, unconfirmed: !(cause instanceof Refused) } });
        } finally {
            this.#sending = undefined;
        }
    }

    /** Sends each waiting entry without waiting for answers. The entries stay, and the next page asks for the answers. */
    #flushOnce() {
        for (const { id, kind, input, sentAt, failure } of this.entries) {
            if (failure || !this.#client) continue;
            this.#change(id, { sentAt: sentAt ?? Date.now(), sendAt: 0 });
            const headers = { "Client-Mutation-Id": id, "Idempotency-Key": id };
            void this.#client.mutation(documentOf(kind), { input }, { fetchOptions: { headers, keepalive: true } }).toPromise();
        }
    }

    #change(id: string, change: Partial<Entry>) {
        this.#store(this.#read().map((entry) => (entry.id === id ? ({ ...entry, ...change } as Entry) : entry)));
    }

    #read = () => (this.#client ? readEntries(this.#key) : []);

    #load = () => this.#set(this.#read());

    #store(entries: Entry[]) {
        if (!this.#client) return;
        writeEntries(this.#key, entries);
        this.#set(entries);
    }

    #set(entries: Entry[]) {
        this.entries = entries;
        pending.setStored(entries.filter(({ failure }) => !failure).map(({ id }) => id));
        for (const listener of this.#listeners) listener();
    }
}

export const outbox = new Outbox();
