import { useState } from "react";
import { useClient, useQuery } from "urql";
import { CONVERSATION, OLDER_MESSAGES, type Message } from "./queries";

interface Older {
    messages: Message[];
    start: string | null;
    hasMore: boolean;
}

/** Returns a conversation with its newest messages, and those that `readOlder` has added before them. */
export function useMessages(id: string) {
    const client = useClient();
    const [{ data, error }, read] = useQuery({ query: CONVERSATION, variables: { id } });
    // Messages never change, so that the older ones need no updates.
    const [older, setOlder] = useState<Older>();
    const [reading, setReading] = useState<"no" | "yes" | "failed">("no");
    const conversation = data?.node?.__typename === "Conversation" ? data.node : undefined;
    const newest = conversation?.newest;
    const start = older ? older.start : newest?.pageInfo.startCursor;
    const readOlder = async () => {
        if (reading === "yes") return;
        setReading("yes");
        const { data } = await client.query(OLDER_MESSAGES, { id, before: start }).toPromise();
        const page = data?.node?.__typename === "Conversation" ? data.node.messages : undefined;
        if (page) {
            const { nodes, pageInfo } = page;
            setOlder((known) => ({
                messages: [...nodes, ...(known?.messages ?? [])],
                start: pageInfo.startCursor,
                hasMore: pageInfo.hasPreviousPage,
            }));
        }
        setReading(page ? "no" : "failed");
    };
    const newestSorted = [...(newest?.nodes ?? [])].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    return {
        isLoaded: data !== undefined,
        conversation,
        error,
        retry: () => read({ requestPolicy: "network-only" }),
        messages: [...(older?.messages ?? []), ...newestSorted],
        hasOlder: older ? older.hasMore : (newest?.pageInfo.hasPreviousPage ?? false),
        readOlder,
        olderFailed: reading === "failed",
    };
}
