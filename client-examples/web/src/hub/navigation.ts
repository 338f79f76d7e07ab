import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { IconActivity, IconChecks, IconCoinEuro, IconFolders, IconMessages, IconSettings, IconUsers, type Icon } from "@tabler/icons-react";
import { useHasMoreUnread, useUnreadCount } from "../conversations/useConversations";
import { useOverdueCount } from "../money/useOverdueCount";
import { usePendingCount } from "../validation/usePendingRequests";
import type { Viewer } from "../viewer/queries";

interface Entry {
    to: "/validation" | "/dossiers" | "/messages" | "/money" | "/activity" | "/people" | "/settings";
    label: MessageDescriptor;
    icon: Icon;
    /** Returns the number of things that wait. */
    useCount?: () => number;
    /** Whether the number is higher, because not all rows are loaded. */
    useHasMore?: () => boolean;
    /** The roles that see the page. The default is all. */
    roles?: Viewer["role"][];
    /** Whether narrow screens have the link in the person's menu, and not in the bar. */
    inMenu?: boolean;
}

/** The pages of the hub, in the order of the bar. */
export const NAVIGATION: Entry[] = [
    { to: "/validation", label: msg`Validation`, icon: IconChecks, useCount: usePendingCount },
    { to: "/dossiers", label: msg`Dossiers`, icon: IconFolders },
    { to: "/messages", label: msg`Messages`, icon: IconMessages, useCount: useUnreadCount, useHasMore: useHasMoreUnread },
    { to: "/money", label: msg`Money`, icon: IconCoinEuro, useCount: useOverdueCount, roles: ["OWNER", "OPERATOR", "MANAGER"] },
    { to: "/activity", label: msg`Activity`, icon: IconActivity, inMenu: true },
    { to: "/people", label: msg`People`, icon: IconUsers, roles: ["OWNER", "OPERATOR", "MANAGER"], inMenu: true },
    { to: "/settings", label: msg`Settings`, icon: IconSettings, roles: ["OWNER"], inMenu: true },
];

/** Returns the pages that a role sees. */
export const navigationOf = (role: Viewer["role"]) => NAVIGATION.filter(({ roles }) => !roles || roles.includes(role));
