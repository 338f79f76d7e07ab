import type { Viewer } from "../viewer/queries";
import type { InputOf, Kind } from "./operations";

interface EntryOf<K extends Kind> {
    /** The idempotency key, and the id that the events of the mutation carry. */
    id: string;
    kind: K;
    input: InputOf<K>;
    /** The name of the thing that it is about, as people know it. */
    title: string;
    /** When it was written, in milliseconds. */
    writtenAt: number;
    /** When it may be sent. Until then it can be undone. */
    sendAt: number;
    /** When it was sent for the first time. */
    sentAt?: number;
    failure?: {
        message: string;
        /** Whether it may have happened nevertheless. */
        unconfirmed: boolean;
    };
}

export type Entry<K extends Kind = Kind> = { [Each in K]: EntryOf<Each> }[K];

const PREFIX = "outbox:";

/** Returns the key under which the browser stores the outbox of a viewer. A person may have several memberships. */
export const keyOf = ({ id, email }: Pick<Viewer, "id" | "email">) => `${PREFIX}${email}:${id}`;

/** Deletes the outboxes of a person. */
export function deleteEntries(email: string | null) {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${email}:`));
    for (const key of keys) localStorage.removeItem(key);
}

/** The storage is synchronous, so that a page that is being closed can still write. */
export const readEntries = (key: string) => JSON.parse(localStorage.getItem(key) ?? "[]") as Entry[];

export function writeEntries(key: string, entries: Entry[]) {
    if (entries.length > 0) localStorage.setItem(key, JSON.stringify(entries));
    else localStorage.removeItem(key);
}
