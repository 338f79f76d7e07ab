import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { IconChecks, IconFolders, type Icon } from "@tabler/icons-react";
import { usePendingCount } from "../validation/usePendingRequests";

interface Entry {
    to: "/validation" | "/dossiers";
    label: MessageDescriptor;
    icon: Icon;
    /** Returns the number of things that wait. */
    useCount?: () => number;
}

/** The pages of the hub, in the order of the bar. */
export const NAVIGATION: Entry[] = [
    { to: "/validation", label: msg`Validation`, icon: IconChecks, useCount: usePendingCount },
    { to: "/dossiers", label: msg`Dossiers`, icon: IconFolders },
];
