import { useMemo } from "react";
import { usePages } from "../graphql/usePages";
import { CONVERSATIONS, type Conversation } from "./queries";
import { useIsUnread } from "./useSeen";

/** Returns when something happened last. `updatedAt` leaves out internal messages. */
export const lastActivity = ({ updatedAt, messages }: Conversation) => {
    const last = messages.nodes.at(-1)?.createdAt ?? "";
    return last > updatedAt ? last : updatedAt;
};

/** Returns the conversations of a dossier, or all, with the last activity first. `more` reads the next page. */
export function useConversations(clientId?: string) {
    const { rows, ...pages } = usePages(CONVERSATIONS, { filter: clientId ? { clientId } : undefined });
    const conversations = useMemo(() => rows && [...rows].sort((a, b) => lastActivity(b).localeCompare(lastActivity(a))), [rows]);
    return { conversations, ...pages };
}

/** Returns the number of unread conversations among the newest ones. */
export function useUnreadCount() {
    const isUnread = useIsUnread();
    return useConversations().conversations?.filter(isUnread).length ?? 0;
}
