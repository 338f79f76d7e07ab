import type { HashReport } from "./hash.worker";
import { Slots } from "./slots";
import { isSmall, UploadFailed } from "./upload";

/** How many files are read at the same time. */
const slots = new Slots(3);

/** Returns the SHA-256 of a file in hexadecimal. */
export const hashFile = (file: File, signal: AbortSignal, onProgress: (bytes: number) => void) =>
    // Browsers have a faster function, which needs the whole file in memory, and https.
    slots.run(signal, () => (isSmall(file) && isSecureContext ? hashWhole(file) : hashInWorker(file, signal, onProgress)));

async function hashWhole(file: File) {
    const bytes = await file.arrayBuffer().catch(() => {
        throw new UploadFailed("UNREADABLE");
    });
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A worker computes the SHA-256, so that the page stays responsive. */
function hashInWorker(file: File, signal: AbortSignal, onProgress: (bytes: number) => void) {
    const worker = new Worker(new URL("./hash.worker.ts", import.meta.url), { type: "module" });
    return new Promise<string>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
        worker.addEventListener("error", () => reject(new UploadFailed("UNREADABLE")));
        worker.addEventListener("message", ({ data }: MessageEvent<HashReport>) => {
            if ("read" in data) onProgress(data.read);
            else if ("sha256" in data) resolve(data.sha256);
            else reject(new UploadFailed("UNREADABLE"));
        });
        worker.postMessage(file);
    }).finally(() => worker.terminate());
}
