import { useState } from "react";
import { useClient, useQuery } from "urql";
import { CONVERSATION, OLDER_MESSAGES, type Message } from "./queries";

interface Older {
    messages: Message[];
    start: string | null;
    hasMore: boolean;
}

/** Returns a conversation with its newest messages, and those that `older` has read before them. */
export function useMessages(id: string) {
    const client = useClient();
    const [{ data, error }, read] = useQuery({ query: CONVERSATION, variables: { id } });
    // Messages never change, so that the older ones need no updates.
    const [older, setOlder] = useState<Older>();
    const [failed, setFailed] = useState(false);
    const conversation = data?.node?.__typename === "Conversation" ? data.node : undefined;
    const newest = conversation?.newest;
    const start = older ? older.start : (newest?.pageInfo.startCursor ?? null);
    const readOlder = async () => {
        setFailed(false);
        const { data } = await client.query(OLDER_MESSAGES, { id, before: start }).toPromise();
        const page = data?.node?.__typename === "Conversation" ? data.node.messages : undefined;
        setFailed(page === undefined);
        if (!page) return;
        const { nodes, pageInfo } = page;
        setOlder((known) => ({
            messages: [...nodes, ...(known?.messages ?? [])],
            start: pageInfo.startCursor,
            hasMore: pageInfo.hasPreviousPage,
        }));
    };
    const hasOlder = older ? older.hasMore : newest?.pageInfo.hasPreviousPage;
    const newestSorted = [...(newest?.nodes ?? [])].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    return {
        isLoaded: data !== undefined,
        conversation,
        error,
        retry: () => read({ requestPolicy: "network-only" }),
        messages: [...(older?.messages ?? []), ...newestSorted],
        older: hasOlder ? { key: start, failed, onVisible: () => void readOlder() } : undefined,
    };
}
