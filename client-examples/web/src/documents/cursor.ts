import { useLocalStorage } from "@mantine/hooks";
import type { DocumentFields } from "./queries";

/** Returns the local folder of a dossier, which only this browser knows, and the function that changes it. */
export const useLocalFolder = (clientId: string) =>
    useLocalStorage({ key: `folder-${clientId}`, defaultValue: "", getInitialValueInEffect: false });

/** Returns the address that opens the local copy of a document in the editor Cursor. */
export function cursorUrl(folder: string, { zone, name }: Pick<DocumentFields, "zone" | "name">) {
    const path = `${folder.replace(/\\/g, "/").replace(/\/+$/, "")}/${zone}/${name}`;
    return `cursor://file/${encodeURI(path.replace(/^\//, "")).replace(/[?#]/g, encodeURIComponent)}`;
}
