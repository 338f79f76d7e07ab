import type { HashReport } from "./hash.worker";
import { UploadFailed } from "./upload";

/** Returns the SHA-256 of a file in hexadecimal. A worker computes it, so that the page stays responsive. */
export function hashFile(file: File, signal: AbortSignal, onProgress: (bytes: number) => void) {
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
