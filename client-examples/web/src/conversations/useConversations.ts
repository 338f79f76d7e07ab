import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { moreOf } from "../graphql/moreOf";
import { CONVERSATIONS, type Conversation } from "./queries";
import { useIsUnread } from "./useSeen";

/** Returns when something happened last. `updatedAt` leaves out internal messages. */
export const lastActivity = ({ updatedAt, messages }: Conversation) => {
    const last = messages.nodes.at(-1)?.createdAt ?? "";
    return last > updatedAt ? last : updatedAt;
};

/** Returns the conversations of a dossier, or all, with the last activity first. `more` reads the next page. */
export function useConversations(clientId?: string) {
    const [after, setAfter] = useState<string | null>();
    const filter = clientId ? { clientId } : undefined;
    const [{ data, error }, read] = useQuery({ query: CONVERSATIONS, variables: { filter, after } });
    const page = data?.conversations;
    const conversations = useMemo(
        () => page && [...page.nodes].sort((a, b) => lastActivity(b).localeCompare(lastActivity(a))),
        [page],
    );
    const retry = () => read({ requestPolicy: "network-only" });
    return {
        conversations,
        error,
        retry,
        more: moreOf(page?.pageInfo, error !== undefined, setAfter, retry),
    };
}

/** Returns the number of unread conversations among the newest ones. */
export function useUnreadCount() {
    const isUnread = useIsUnread();
    return useConversations().conversations?.filter(isUnread).length ?? 0;
}
