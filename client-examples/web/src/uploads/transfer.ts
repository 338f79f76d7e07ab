import type { Client } from "urql";
import { send } from "../graphql/send";
import { batchesOf } from "./batches";
import { hashFile } from "./hashFile";
import { CANCEL_UPLOAD, COMPLETE_UPLOAD, OPEN_UPLOAD, REQUEST_UPLOAD, UPLOADED_VERSION } from "./queries";
import { sendPart, StoreRefused, type UploadPart } from "./sendPart";
import { Slots } from "./slots";
import { isSmall, UploadFailed, type Upload } from "./upload";
import { waitForVerification } from "./waitForVerification";

/** How many parts of a file are sent at the same time. Browsers open at most six connections to a host. */
const PARALLEL_PARTS = 2;

/** The small files that are sent at the same time. Many of them are requested together, and then wait here. */
const small = new Slots(3);

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

    const { size } = upload;
    let refusals = 0;
    for (let attempt = 0; ; attempt++) {
        const open = (await find(client, upload.versionId)) ?? (await request(client, upload, sha256));
        const before = update({ versionId: open.versionId, documentId: open.documentId, state: "SENDING" });
        if (!before) await send(client, CANCEL_UPLOAD, { input: { versionId: open.versionId } });
        signal.throwIfAborted();
        upload = before!;
        try {
            const sendMissing = () => sendParts(file, open.missing, { signal, update });
            await (isSmall(upload) ? small.run(signal, sendMissing) : sendMissing());
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
    const isVerified = await complete(client, { versionId }, isSmall(upload));
    if (!isVerified) await waitForVerification(client, versionId, signal);
}

interface OpenUpload {
    versionId: string;
    documentId?: string;
    missing: UploadPart[];
}

/** Requests the upload, or returns the one that was requested with the same key. */
async function request(client: Client, { id, target, contentType, size }: Upload, sha256: string): Promise<OpenUpload> {
    const input = { target, contentType, size, sha256 };
    const payload = await (isSmall(input) ? batchesOf(client).requests.add(input, id) : send(client, REQUEST_UPLOAD, { input }, id));
    const received = payload.upload?.receivedParts ?? [];
    const missing = payload.parts.filter(({ number }) => !received.includes(number));
    return { versionId: payload.version!.id, documentId: payload.document!.id, missing };
}

/** Returns an upload that was requested before, if it is still open. The server forgets its key after a day. */
async function find(client: Client, versionId: string | undefined): Promise<OpenUpload | undefined> {
    if (!versionId) return undefined;
    const { data } = await client.query(OPEN_UPLOAD, { id: versionId }, { requestPolicy: "network-only" }).toPromise();
    const version = data?.node;
    if (version?.__typename !== "DocumentVersion" || version.status !== "PENDING" || !version.upload) return undefined;
    return { versionId, documentId: version.document?.id, missing: version.upload.parts };
}

/** Completes an upload whose bytes were kept, with the right media type. */
export async function correct(upload: Upload, contentType: string, { client, signal, update }: Options) {
    const versionId = update({ state: "VERIFYING", contentType, done: upload.size })!.versionId!;
    const isVerified = await complete(client, { versionId, contentType }, isSmall(upload));
    if (!isVerified) await waitForVerification(client, versionId, signal);
}

/**
 * Completes an upload, and returns whether it is verified already, as small files are. Of a file that is refused, the
 * version has the reason as a code, which can be translated.
 */
async function complete(client: Client, input: { versionId: string; contentType?: string }, isSmallFile: boolean) {
    const { versionId } = input;
    try {
        const { document } = await (isSmallFile ? batchesOf(client).completions.add(input) : send(client, COMPLETE_UPLOAD, { input }));
        return document?.versions.nodes.find(({ id }) => id === versionId)?.status === "READY";
    } catch (cause) {
        const { data } = await client.query(UPLOADED_VERSION, { id: versionId }, { requestPolicy: "network-only" }).toPromise();
        if (data?.node?.__typename === "DocumentVersion" && data.node.failureReason) {
            throw new UploadFailed(data.node.failureReason, data.node.recognizedContentType ?? undefined);
        }
        throw cause;
    }
}

async function sendParts(file: File, parts: UploadPart[], { signal, update }: Omit<Options, "client">) {
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
