import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useUnreadCountOf } from "../conversations/useConversations";
import { useOverdueCount } from "../money/useOverdueCount";
import { usePendingRequests } from "../validation/usePendingRequests";

interface Tab {
    to: `/dossiers/$clientId${"" | "/files" | "/requests" | "/messages" | "/money" | "/activity"}`;
    label: MessageDescriptor;
    hiddenFrom?: "STAFF";
    /** Returns the number of things that wait. */
    useCount?: (clientId: string) => number;
}

const ofClient = (clientId: string) => (row: { client: { id: string } | null }) => row.client?.id === clientId;

const usePending = (clientId: string) => usePendingRequests().requests?.filter(ofClient(clientId)).length ?? 0;

/** The tabs of a dossier, in their order. */
export const TABS: Tab[] = [
    { to: "/dossiers/$clientId", label: msg`Overview` },
    { to: "/dossiers/$clientId/files", label: msg`Files` },
    { to: "/dossiers/$clientId/requests", label: msg`Requests`, useCount: usePending },
    { to: "/dossiers/$clientId/messages", label: msg`Messages`, useCount: useUnreadCountOf },
    { to: "/dossiers/$clientId/money", label: msg`Money`, hiddenFrom: "STAFF", useCount: useOverdueCount },
    { to: "/dossiers/$clientId/activity", label: msg`Activity` },
];
