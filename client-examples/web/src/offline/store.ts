import type { SerializedEntries, StorageAdapter } from "@urql/exchange-graphcache";
import { makeDefaultStorage } from "@urql/exchange-graphcache/default-storage";
import { connection } from "../live/connection";
import type { Viewer } from "../viewer/queries";

/** The viewer whose data is stored, and the last time at which it was known to be current. */
interface Snapshot {
    /** Empty while the data is being deleted. */
    viewer: string;
    at: string;
}

const KEY = "offline-snapshot";
const MAX_AGE_DAYS = 7;
const DAY = 24 * 60 * 60 * 1_000;
/** How long further changes may follow before they are written together. */
const QUIET = 1_000;

/** The types that are not needed offline, and that nobody should find on a disk. */
const SECRET = new Set(["ApiKey", "AuditEntry", "ExternalIdentity", "Invitation", "Passkey", "Session"]);

/** The data that was loaded, for reading without a network. This browser keeps it until the viewer signs out. */
class OfflineStore {
    #disk: ReturnType<typeof makeDefaultStorage> | undefined;
    /** The storage of the cache that is in use. Late answers to earlier caches may be those of another viewer. */
    #current: StorageAdapter | undefined;
    #viewer: string | undefined;
    #unwritten: SerializedEntries = {};
    #timer: ReturnType<typeof setTimeout> | undefined;

    constructor() {
        addEventListener("pagehide", () => this.#markCurrent());
        connection.subscribe(() => this.#markCurrent());
    }

    /** When the stored data was known to be current. Undefined if nothing is stored. */
    get storedAt() {
        const { viewer, at } = read() ?? {};
        return viewer && at && Date.now() - Date.parse(at) < MAX_AGE_DAYS * DAY ? new Date(at) : undefined;
    }

    /** Returns the storage of a new cache. Only a cache for reading offline begins with the stored data. */
    storage(onRead?: () => void): StorageAdapter {
        const storage: StorageAdapter = {
            readData: () => (onRead ? this.#open().readData() : Promise.resolve({})),
            onCacheHydrated: onRead,
            writeData: (changes) => {
                if (this.#current === storage) {
                    Object.assign(this.#unwritten, changes);
                    this.#writeSoon();
                }
                return Promise.resolve();
            },
        };
        this.#stop();
        this.#current = storage;
        return storage;
    }

    /** Begins to store the data of this viewer. The data of another one is deleted first. */
    async open({ id, email }: Viewer) {
        const viewer = `${email}:${id}`;
        if (this.#viewer === viewer) return;
        const current = this.#current;
        const isNew = read()?.viewer !== viewer;
        if (isNew) await this.#deleteAll();
        // The new data joins the stored data of this viewer.
        await this.#open().readData();
        if (this.#current !== current) return;
        this.#viewer = viewer;
        if (isNew) mark(viewer);
        this.#writeSoon();
    }

    /** Deletes everything. Nobody may read it after the viewer has signed out. */
    async clear() {
        this.#stop();
        if (localStorage.getItem(KEY)) await this.#deleteAll();
    }

    /** Forgets what is not written yet. */
    #stop() {
        clearTimeout(this.#timer);
        this.#current = undefined;
        this.#viewer = undefined;
        this.#unwritten = {};
    }

    #open() {
        this.#disk ??= makeDefaultStorage({ idbName: "dossier", maxAge: MAX_AGE_DAYS });
        return this.#disk;
    }

    async #deleteAll() {
        // Other tabs stop writing. If this page ends too early, the next one deletes the rest.
        mark("");
        // Browsers without a database have nothing to delete.
        await this.#open()
            .clear()
            .catch(() => {});
        if (!read()?.viewer) localStorage.removeItem(KEY);
    }

    #writeSoon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#write(), QUIET);
    }

    #write() {
        if (!this.#isOpen()) return;
        const stored = Object.entries(this.#unwritten).filter(([key]) => isStored(key));
        const changes = Object.fromEntries(stored.map(([key, value]) => [key, value && isPreview(key) ? NULL : value]));
        this.#unwritten = {};
        void this.#open().writeData(changes);
        this.#markCurrent();
    }

    #markCurrent() {
        if (this.#isOpen() && connection.state.status === "live") mark(this.#viewer!);
    }

    /** Whether the stored data is still that of this viewer. Another tab may have signed out, or signed in as another. */
    #isOpen() {
        return this.#viewer !== undefined && read()?.viewer === this.#viewer;
    }
}

const read = () => JSON.parse(localStorage.getItem(KEY) ?? "null") as Snapshot | null;

const mark = (viewer: string) => localStorage.setItem(KEY, JSON.stringify({ viewer, at: new Date().toISOString() } satisfies Snapshot));

/**
 * Whether an entry of the cache, such as `Document:document_1.name`, may be stored. Addresses for downloads and uploads
 * are keys to the object store, and soon expire.
 */
const isStored = (key: string) => !SECRET.has(/^\w+/.exec(key)?.[0] ?? "") && !/(\.|%2e)(download|upload)\b|%2epreview\b/.test(key);

/** Whether an entry says which preview a version has. Lists are read with it, so that it is stored as null. */
const isPreview = (key: string) => /\.preview\b/.test(key);

/** How the cache writes a field that refers to nothing. */
const NULL = ":null";

export const offlineStore = new OfflineStore();
