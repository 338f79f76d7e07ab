import { useMemo } from "react";
import { usePages } from "../graphql/usePages";
import type { VariablesOf } from "../graphql/graphql";
import { CONVERSATIONS, type Conversation } from "./queries";
import { isUnread } from "./readMarkers";

type ConversationFilter = NonNullable<VariablesOf<typeof CONVERSATIONS>["filter"]>;

const UNREAD: ConversationFilter = { unread: true };

/** Returns when something happened last. `updatedAt` leaves out internal messages. */
export const lastActivity = ({ updatedAt, messages }: Conversation) => {
    const last = messages.nodes.at(-1)?.createdAt ?? "";
    return last > updatedAt ? last : updatedAt;
};

/** Returns the conversations that meet a filter, or all, with the last activity first. `more` reads the next page. */
export function useConversations(filter?: ConversationFilter) {
    const { rows, ...pages } = usePages(CONVERSATIONS, { filter });
    const conversations = useMemo(() => rows && [...rows].sort((a, b) => lastActivity(b).localeCompare(lastActivity(a))), [rows]);
    return { conversations, ...pages };
}

/** Returns the conversations with unread messages, and an opened one. The cached list keeps those that were read meanwhile. */
export function useUnread(openId?: string) {
    const { conversations, ...pages } = useConversations(UNREAD);
    return { conversations: conversations?.filter((conversation) => isUnread(conversation) || conversation.id === openId), ...pages };
}

/** Returns the number of conversations with unread messages, as far as they are loaded. */
export const useUnreadCount = () => useUnread().conversations?.length ?? 0;

/** Whether there are more of them. */
export const useHasMoreUnread = () => useUnread().more !== undefined;

/** Returns the number of conversations of a dossier with unread messages, as far as they are loaded. */
export const useUnreadCountOf = (clientId: string) => useConversations({ clientId }).conversations?.filter(isUnread).length ?? 0;
