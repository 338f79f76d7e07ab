import { useQuery } from "urql";
import { CONVERSATION } from "./queries";
import { useOlderMessages } from "./useOlderMessages";

/** Returns a conversation with its newest messages, and those that `older` has read before them. */
export function useMessages(id: string) {
    const [{ data, error }, read] = useQuery({ query: CONVERSATION, variables: { id } });
    const conversation = data?.node?.__typename === "Conversation" ? data.node : undefined;
    const newest = conversation?.newest;
    const { messages, older } = useOlderMessages(id, newest?.pageInfo);
    const newestSorted = [...(newest?.nodes ?? [])].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    return {
        isLoaded: data !== undefined,
        conversation,
        error,
        retry: () => read({ requestPolicy: "network-only" }),
        messages: [...messages, ...newestSorted],
        older,
    };
}
