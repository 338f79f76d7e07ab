import { isActive, type Upload } from "./upload";

const keyOf = (owner: string) => `uploads-${owner}`;

/** Saves the unfinished uploads of a person. A browser cannot save the files themselves. */
export function saveUploads(owner: string, uploads: readonly Upload[]) {
    const unfinished = uploads.filter((upload) => upload.state !== "READY").map((upload) => ({ ...upload, file: undefined }));
    if (unfinished.length > 0) localStorage.setItem(keyOf(owner), JSON.stringify(unfinished));
    else localStorage.removeItem(keyOf(owner));
}

/** Returns the saved uploads. Those that were active need their file again, except while the server verifies them. */
export function savedUploads(owner: string): Upload[] {
    const uploads = JSON.parse(localStorage.getItem(keyOf(owner)) ?? "[]") as Upload[];
    return uploads.map((upload) => (isActive(upload) && upload.state !== "VERIFYING" ? { ...upload, state: "FILE_NEEDED", speed: 0 } : upload));
}

/** Deletes what is saved of a person's uploads. */
export const deleteUploads = (owner: string) => localStorage.removeItem(keyOf(owner));
