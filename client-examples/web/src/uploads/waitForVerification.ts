import type { Client } from "urql";
import { UPLOADED_VERSION } from "./queries";
import { UploadFailed } from "./upload";

/** Waits until the server has compared the bytes. The cache learns it from an event. */
export async function waitForVerification(client: Client, versionId: string, signal: AbortSignal) {
    let unsubscribe = () => {};
    await new Promise<void>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
        ({ unsubscribe } = client.query(UPLOADED_VERSION, { id: versionId }).subscribe(({ data }) => {
            const version = data?.node;
            if (version?.__typename !== "DocumentVersion") return;
            if (version.status === "READY") resolve();
            if (version.status === "FAILED") reject(new UploadFailed(version.failureReason ?? "UPLOAD_LOST", version.recognizedContentType ?? undefined));
        }));
    }).finally(() => unsubscribe());
}
