import type { SerializedEntries, StorageAdapter } from "@urql/exchange-graphcache";
import { makeDefaultStorage } from "@urql/exchange-graphcache/default-storage";
import { connection } from "../live/connection";
import type { Viewer } from "../viewer/queries";

/** The viewer whose data is stored, and the last time at which it was known to be current. */
interface Snapshot {
    viewer: string;
    at: string;
}

const KEY = "offline-snapshot";
const MAX_AGE_DAYS = 7;
/** How long further changes may follow before they are written together. */
const QUIET = 1_000;

/** The types that are not needed offline, and that nobody should find on a disk. */
const SECRET = new Set(["ApiKey", "AuditEntry", "ExternalIdentity", "Invitation", "Passkey", "Session"]);

/** The data that was loaded, for reading without a network. This browser keeps it until the viewer signs out. */
class OfflineStore {
    #disk: ReturnType<typeof makeDefaultStorage> | undefined;
    #viewer: string | undefined;
    #unwritten: SerializedEntries = {};
    #timer: ReturnType<typeof setTimeout> | undefined;

    constructor() {
        addEventListener("pagehide", () => this.#markCurrent());
        connection.subscribe(() => this.#markCurrent());
    }

    /** When the stored data was known to be current. Undefined if nothing is stored. */
    get storedAt() {
        const snapshot = read();
        return snapshot && new Date(snapshot.at);
    }

    /** Returns the storage of a cache. Only a cache for reading offline begins with the stored data. */
    storage(onRead?: () => void): StorageAdapter {
        return {
            readData: () => (onRead ? this.#open().readData() : Promise.resolve({})),
            onCacheHydrated: onRead,
            writeData: (changes) => {
                Object.assign(this.#unwritten, changes);
                this.#writeSoon();
                return Promise.resolve();
            },
        };
    }

    /** Begins to store the data of this viewer. The data of another one is deleted first. */
    async open({ id, email }: Viewer) {
        const viewer = `${email}:${id}`;
        if (this.#viewer === viewer) return;
        const snapshot = read();
        if (snapshot && snapshot.viewer !== viewer) await this.#deleteAll();
        // The new data joins the stored data of this viewer.
        await this.#open().readData();
        this.#viewer = viewer;
        if (snapshot?.viewer !== viewer) this.#mark();
        this.#writeSoon();
    }

    /** Deletes everything. Nobody may read it after the viewer has signed out. */
    async clear() {
        clearTimeout(this.#timer);
        this.#viewer = undefined;
        this.#unwritten = {};
        if (localStorage.getItem(KEY)) await this.#deleteAll();
    }

    #open() {
        this.#disk ??= makeDefaultStorage({ idbName: "dossier", maxAge: MAX_AGE_DAYS });
        return this.#disk;
    }

    async #deleteAll() {
        localStorage.removeItem(KEY);
        // Browsers without a database have nothing to delete.
        await this.#open()
            .clear()
            .catch(() => {});
    }

    #writeSoon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#write(), QUIET);
    }

    #write() {
        if (!this.#viewer) return;
        const changes = Object.fromEntries(Object.entries(this.#unwritten).filter(([key]) => isStored(key)));
        this.#unwritten = {};
        void this.#open().writeData(changes);
        this.#markCurrent();
    }

    #markCurrent() {
        if (this.#viewer && connection.state.status === "live") this.#mark();
    }

    #mark() {
        localStorage.setItem(KEY, JSON.stringify({ viewer: this.#viewer!, at: new Date().toISOString() } satisfies Snapshot));
    }
}

const read = () => JSON.parse(localStorage.getItem(KEY) ?? "null") as Snapshot | null;

/** Whether an entry of the cache, such as `Document:document_1.name`, may be stored. Addresses of files soon expire. */
const isStored = (key: string) => !SECRET.has(/^\w+/.exec(key)?.[0] ?? "") && !/(\.|%2e)download\b/.test(key);

export const offlineStore = new OfflineStore();
