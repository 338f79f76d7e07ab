import type { ResultOf } from "../graphql/graphql";
import type { REQUEST_UPLOAD } from "./queries";

export type UploadPart = ResultOf<typeof REQUEST_UPLOAD>["requestUpload"]["parts"][number];

/** The store answered with an error, such as 403 if the URL has expired. */
export class StoreRefused extends Error {
    constructor(readonly status: number) {
        super(`The store answers with status ${status}.`);
    }
}

/** The bytes did not arrive. */
export class ConnectionLost extends Error {}

/** A connection without progress for this long is broken. */
const SILENCE = 60_000;

/** Sends one range of a file. `fetch` does not report the progress of uploads, but `XMLHttpRequest` does. */
export function sendPart(file: File, part: UploadPart, signal: AbortSignal, onProgress: (bytes: number) => void) {
    const { url, method, headers, offset, size } = part;
    return new Promise<void>((resolve, reject) => {
        const request = new XMLHttpRequest();
        const abort = () => request.abort();
        let timer = setTimeout(abort, SILENCE);
        request.upload.onprogress = ({ loaded }) => {
            clearTimeout(timer);
            timer = setTimeout(abort, SILENCE);
            onProgress(loaded);
        };
        request.onloadend = () => {
            clearTimeout(timer);
            signal.removeEventListener("abort", abort);
            if (signal.aborted) reject(signal.reason as Error);
            else if (request.status === 0) reject(new ConnectionLost());
            else if (request.status >= 300) reject(new StoreRefused(request.status));
            else resolve();
        };
        signal.addEventListener("abort", abort);
        request.open(method, url);
        for (const { name, value } of headers) {
            // A page cannot set this header. The browser does.
            if (name !== "content-length") request.setRequestHeader(name, value);
        }
        request.send(file.slice(offset, offset + size));
    });
}
