import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** A report of the worker: the bytes read so far, and at the end the SHA-256 or that the file cannot be read. */
export type HashReport = { read: number } | { sha256: string } | { unreadable: true };

const CHUNK = 4 * 1024 * 1024;

const report = (message: HashReport) => postMessage(message);

addEventListener("message", ({ data: file }: MessageEvent<File>) => {
    hash(file).catch(() => report({ unreadable: true }));
});

/** Reads the file in parts, because a large file does not fit into memory. */
async function hash(file: File) {
    const state = sha256.create();
    for (let offset = 0; offset < file.size; offset += CHUNK) {
        state.update(new Uint8Array(await file.slice(offset, offset + CHUNK).arrayBuffer()));
        report({ read: Math.min(offset + CHUNK, file.size) });
    }
    report({ sha256: bytesToHex(state.digest()) });
}
