import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { IconChecks, IconCoinEuro, IconFolders, type Icon } from "@tabler/icons-react";
import { useOverdueCount } from "../money/useOverdueCount";
import { usePendingCount } from "../validation/usePendingRequests";

interface Entry {
    to: "/validation" | "/dossiers" | "/money";
    label: MessageDescriptor;
    icon: Icon;
    /** Returns the number of things that wait. */
    useCount?: () => number;
    /** The role that has nothing to see there. */
    hiddenFrom?: "STAFF";
}

/** The pages of the hub, in the order of the bar. */
export const NAVIGATION: Entry[] = [
    { to: "/validation", label: msg`Validation`, icon: IconChecks, useCount: usePendingCount },
    { to: "/dossiers", label: msg`Dossiers`, icon: IconFolders },
    { to: "/money", label: msg`Money`, icon: IconCoinEuro, useCount: useOverdueCount, hiddenFrom: "STAFF" },
];
