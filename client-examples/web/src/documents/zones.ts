import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { IconFileEuro, IconFiles, IconLock, IconMessages, IconPhoto, IconVideo, type Icon } from "@tabler/icons-react";
import type { DocumentFields } from "./queries";

export type Zone = DocumentFields["zone"];

interface Entry {
    zone: Zone;
    /** Its name in addresses. */
    slug: string;
    label: MessageDescriptor;
    icon: Icon;
}

/** The zones of a dossier, in the order of their tabs. */
export const ZONES: Entry[] = [
    { zone: "DOCUMENTS", slug: "documents", label: msg`Documents`, icon: IconFiles },
    { zone: "ASSETS", slug: "assets", label: msg`Assets`, icon: IconPhoto },
    { zone: "VISIOS", slug: "calls", label: msg`Calls`, icon: IconVideo },
    { zone: "CHAT", slug: "chats", label: msg`Chats`, icon: IconMessages },
    { zone: "INVOICES", slug: "invoices", label: msg`Invoices`, icon: IconFileEuro },
    { zone: "PRIVATE", slug: "private", label: msg`Private`, icon: IconLock },
];

/** Whether a role sees a zone. Staff do not see private files and money. */
export const seesZone = (role: string | null, zone: Zone) => role !== "STAFF" || (zone !== "PRIVATE" && zone !== "INVOICES");
