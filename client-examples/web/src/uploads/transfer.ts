import type { Client } from "urql";
import { send } from "../graphql/send";
import { hashFile } from "./hashFile";
import { CANCEL_UPLOAD, COMPLETE_UPLOAD, REQUEST_UPLOAD, UPLOADED_VERSION } from "./queries";
import { sendPart, StoreRefused, type UploadPart } from "./sendPart";
import { UploadFailed, type Upload } from "./upload";
import { waitForVerification } from "./waitForVerification";

/** How many parts of a file are sent at the same time. Browsers open at most six connections to a host. */
const PARALLEL_PARTS = 2;

/** How often the store may refuse a file in a row. New URLs help if the old ones have expired. */
const MAX_REFUSALS = 4;

interface Options {
    client: Client;
    signal: AbortSignal;
    /** Stores what changed, and returns the upload. Undefined if the person has cancelled it. */
    update: (changes: Partial<Upload>) => Upload | undefined;
}

/** Uploads a file. After an interruption, it asks for new URLs, and continues with the parts that were not sent. */
export async function transfer(upload: Upload, { client, signal, update }: Options) {
    const file = upload.file!;
    update({ state: "HASHING", done: 0 });
    const sha256 = await hashFile(file, signal, (done) => update({ done }));
    if (upload.sha256 && upload.sha256 !== sha256) throw new UploadFailed("OTHER_FILE");
    update({ sha256, state: "SENDING", done: 0 });

    const { id, target, contentType, size } = upload;
    const sent = new Set(upload.sentParts);
    const addSent = (number: number) => update({ sentParts: [...sent.add(number)] });
    let refusals = 0;
    for (let attempt = 0; ; attempt++) {
        const { version, document, parts } = await send(client, REQUEST_UPLOAD, { input: { target, contentType, size, sha256 } }, id);
        const before = update({ versionId: version!.id, documentId: document!.id, state: "SENDING" });
        if (!before) await send(client, CANCEL_UPLOAD, { input: { versionId: version!.id } });
        signal.throwIfAborted();
        try {
            const missing = parts.filter(({ number }) => !sent.has(number));
            await sendParts(file, missing, { signal, update, addSent });
            break;
        } catch (cause) {
            signal.throwIfAborted();
            await requireReadable(file);
            if (cause instanceof StoreRefused && ++refusals > MAX_REFUSALS) throw new UploadFailed("STORE_REFUSED");
            const now = update({ state: "INTERRUPTED", speed: 0 });
            if (now!.done > before!.done) attempt = 0;
            await pause(Math.min(2 ** attempt, 15), signal);
        }
    }

    const versionId = update({ state: "VERIFYING", done: size, speed: 0 })!.versionId!;
    await complete(client, versionId);
    await waitForVerification(client, versionId, signal);
}

/** Small files are verified at once. The version then has the reason as a code, which can be translated. */
async function complete(client: Client, versionId: string) {
    try {
        await send(client, COMPLETE_UPLOAD, { input: { versionId } });
    } catch (cause) {
        const { data } = await client.query(UPLOADED_VERSION, { id: versionId }, { requestPolicy: "network-only" }).toPromise();
        if (data?.node?.__typename === "DocumentVersion" && data.node.failureReason) throw new UploadFailed(data.node.failureReason);
        throw cause;
    }
}

interface PartsOptions extends Omit<Options, "client"> {
    addSent: (number: number) => void;
}

async function sendParts(file: File, parts: UploadPart[], { signal, update, addSent }: PartsOptions) {
    const missing = parts.reduce((sum, { size }) => sum + size, 0);
    const started = Date.now();
    const bytesOf = new Map<number, number>();
    const progress = (number: number, bytes: number) => {
        bytesOf.set(number, bytes);
        const sum = [...bytesOf.values()].reduce((a, b) => a + b, 0);
        update({ done: file.size - missing + sum, speed: sum / Math.max((Date.now() - started) / 1_000, 0.5) });
    };
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const queue = [...parts];
    const sendNext = async () => {
        for (let part = queue.shift(); part; part = queue.shift()) {
            const { number, size } = part;
            await sendPart(file, part, either, (bytes) => progress(number, Math.min(bytes, size)));
            addSent(number);
        }
    };
    try {
        await Promise.all(Array.from({ length: PARALLEL_PARTS }, sendNext));
    } finally {
        stop.abort();
    }
}

/** The browser refuses to read a file that changed on the disk, and only says that the connection was lost. */
async function requireReadable(file: File) {
    await file
        .slice(0, 1)
        .arrayBuffer()
        .catch(() => {
            throw new UploadFailed("UNREADABLE");
        });
}

/** Waits for these seconds, or until the browser is online again. */
const pause = (seconds: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
        const wake = () => {
            clearTimeout(timer);
            removeEventListener("online", wake);
            if (signal.aborted) reject(signal.reason as Error);
            else resolve();
        };
        const timer = setTimeout(wake, seconds * 1_000);
        addEventListener("online", wake);
        signal.addEventListener("abort", wake, { once: true });
    });
