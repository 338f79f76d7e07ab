import { useSyncExternalStore } from "react";
import type { Client } from "urql";
import { send } from "../graphql/send";
import { MAX_BATCH } from "./batches";
import { CANCEL_UPLOAD } from "./queries";
import { savedUploads, saveUploads } from "./saved";
import { correct, transfer } from "./transfer";
import { isActive, isSmall, UploadFailed, type Upload, type UploadTarget } from "./upload";
import { waitForVerification } from "./waitForVerification";

/** How many large files are sent at the same time. */
const PARALLEL_FILES = 2;

/** How often the progress is displayed, in milliseconds. */
const REFRESH = 200;

/** The uploads of the person who is signed in. They go on while other pages are shown. */
class Uploads {
    list: readonly Upload[] = [];
    #owner: string | undefined;
    #client: Client | undefined;
    #running = new Map<string, AbortController>();
    #listeners = new Set<() => void>();
    #refresh: ReturnType<typeof setTimeout> | undefined;

    subscribe = (listener: () => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    };

    /** Begins to upload as a person, with what they left unfinished. Returns the function that pauses. */
    start(owner: string, client: Client) {
        if (this.#owner !== owner) this.list = savedUploads(owner);
        this.#owner = owner;
        this.#client = client;
        for (const upload of this.list) {
            if (upload.state !== "VERIFYING") continue;
            void this.#run(upload, (options) => waitForVerification(client, upload.versionId!, options.signal));
        }
        this.#next();
        this.#notify();
        return () => {
            this.#client = undefined;
            for (const controller of this.#running.values()) controller.abort();
            this.#running.clear();
            this.list = this.list.map((upload) =>
                isActive(upload) && upload.state !== "VERIFYING" ? { ...upload, state: "QUEUED", speed: 0 } : upload,
            );
        };
    }

    /** Adds files. A file that an interrupted upload to the same target waits for continues this upload. */
    add(files: File[], dossier: string, targetOf: (file: File) => UploadTarget) {
        const added = this.#provide(files, (upload, file) => JSON.stringify(upload.target) === JSON.stringify(targetOf(file))).map(
            (file): Upload => ({
                id: crypto.randomUUID(),
                target: targetOf(file),
                name: file.name,
                dossier,
                size: file.size,
                contentType: file.type || "application/octet-stream",
                state: "QUEUED",
                done: 0,
                speed: 0,
                file,
            }),
        );
        this.#set([...this.list, ...added]);
        this.#next();
    }

    /** Continues the uploads that wait for these files. Returns the files that none waits for. */
    provide(files: File[]) {
        const others = this.#provide(files, () => true);
        this.#next();
        return others;
    }

    retry(id: string) {
        const upload = this.list.find((upload) => upload.id === id);
        this.#update(id, {
            state: upload?.file ? "QUEUED" : "FILE_NEEDED",
            done: 0,
            failure: undefined,
            refusal: undefined,
        });
        this.#next();
    }

    /** Completes an upload with the media type that the server has recognized. */
    correct(id: string) {
        const upload = this.list.find((upload) => upload.id === id);
        if (!upload?.recognized || !this.#client || this.#running.has(id)) return;
        const { recognized } = upload;
        this.#update(id, { state: "VERIFYING", failure: undefined, refusal: undefined, recognized: undefined });
        void this.#run(upload, (options) => correct(upload, recognized, options));
    }

    /** Stops an upload, and deletes what the server has received. */
    async cancel(id: string) {
        const upload = this.list.find((upload) => upload.id === id);
        this.#running.get(id)?.abort();
        this.remove(id);
        if (upload?.versionId && this.#client) await send(this.#client, CANCEL_UPLOAD, { input: { versionId: upload.versionId } });
    }

    remove(id: string) {
        this.#set(this.list.filter((upload) => upload.id !== id));
    }

    /** Removes all uploads that have ended. Failed ones are deleted by the server after a week. */
    clear() {
        this.#set(this.list.filter(isActive));
    }

    #provide(files: File[], accepts: (upload: Upload, file: File) => boolean) {
        return files.filter((file) => {
            const upload = this.list.find(
                (upload) => upload.state === "FILE_NEEDED" && upload.name === file.name && upload.size === file.size && accepts(upload, file),
            );
            if (upload) this.#update(upload.id, { file, state: "QUEUED" });
            return !upload;
        });
    }

    /** Starts the next uploads of the queue. Small files are requested together. */
    #next() {
        if (!this.#client) return;
        const free = { large: PARALLEL_FILES, small: MAX_BATCH };
        const kindOf = (upload: Upload) => (isSmall(upload) ? "small" : "large");
        for (const upload of this.list) if (this.#running.has(upload.id)) free[kindOf(upload)]--;
        for (const upload of this.list) {
            if (upload.state !== "QUEUED" || this.#running.has(upload.id) || free[kindOf(upload)]-- <= 0) continue;
            void this.#run(upload, (options) => transfer(upload, options));
        }
    }

    async #run(upload: Upload, work: (options: Parameters<typeof transfer>[1]) => Promise<void>) {
        const { id } = upload;
        const controller = new AbortController();
        this.#running.set(id, controller);
        try {
            await work({ client: this.#client!, signal: controller.signal, update: (changes) => this.#update(id, changes) });
            this.#update(id, { state: "READY", file: undefined });
        } catch (cause) {
            if (!controller.signal.aborted) this.#update(id, { state: "FAILED", speed: 0, ...describe(cause) });
        }
        if (this.#running.get(id) === controller) this.#running.delete(id);
        this.#next();
    }

    #update(id: string, changes: Partial<Upload>) {
        let updated: Upload | undefined;
        const list = this.list.map((upload) => (upload.id === id ? (updated = { ...upload, ...changes }) : upload));
        if ("state" in changes) this.#set(list);
        else {
            this.list = list;
            this.#refresh ??= setTimeout(() => this.#notify(), REFRESH);
        }
        return updated;
    }

    #set(list: readonly Upload[]) {
        this.list = list;
        if (this.#owner) saveUploads(this.#owner, list);
        this.#notify();
    }

    #notify() {
        clearTimeout(this.#refresh);
        this.#refresh = undefined;
        for (const listener of this.#listeners) listener();
    }
}

const describe = (cause: unknown): Partial<Upload> =>
    cause instanceof UploadFailed ? { failure: cause.failure, recognized: cause.recognized } : { refusal: (cause as Error).message };

export const uploads = new Uploads();

addEventListener("beforeunload", (event) => {
    if (uploads.list.some((upload) => isActive(upload) && upload.state !== "VERIFYING")) event.preventDefault();
});

/** Returns the uploads of the person who is signed in. */
export const useUploads = () => useSyncExternalStore(uploads.subscribe, () => uploads.list);
