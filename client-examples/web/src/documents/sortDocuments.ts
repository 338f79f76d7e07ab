import { collator } from "../text/intl";
import type { DocumentFields } from "./queries";

export type DocumentOrder = "NAME_ASC" | "UPDATED_AT_DESC" | "CREATED_AT_DESC";

/** Sorts as the server does, because live changes add documents to lists. */
export function sortDocuments<Row extends DocumentFields>(documents: readonly Row[], order: DocumentOrder) {
    const { compare } = collator({ sensitivity: "base" });
    return [...documents].sort((a, b) =>
        order === "NAME_ASC"
            ? compare(a.name, b.name)
            : order === "CREATED_AT_DESC"
              ? b.createdAt.localeCompare(a.createdAt)
              : b.updatedAt.localeCompare(a.updatedAt),
    );
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether a name contains a text. Case and accents are ignored. */
export const includesText = (name: string, text: string) => plain(name).includes(plain(text));
