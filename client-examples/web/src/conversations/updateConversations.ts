import type { Cache, Link, UpdateResolver } from "@urql/exchange-graphcache";
import { addToLists } from "../graphql/addToLists";
import type { DossierEvent } from "../live/events";
import type { Conversation } from "./queries";

/**
 * Adds a message to its conversation, and a conversation to the cached lists. The pages sort them. A changed or deleted
 * message may be older than those that are loaded, and is therefore not added.
 */
export function updateConversations({ type, subject }: DossierEvent, cache: Cache) {
    if (subject?.__typename === "Conversation") addConversation(subject, cache);
    if (subject?.__typename === "Message" && type === "MESSAGE_POSTED") addMessage(subject, cache);
}

/** Adds a message that the viewer has posted, also while no events arrive. */
export const addPosted: UpdateResolver = (result, _, cache) => {
    const { message } = result.postMessage as { message: MessageOfConversation | null };
    if (message) addMessage(message, cache);
};

/** Adds a conversation that the viewer has started. */
export const addStarted: UpdateResolver = (result, _, cache) => {
    const { conversation } = result.startConversation as { conversation: Conversation | null };
    if (conversation) addConversation(conversation, cache);
};

interface MessageOfConversation {
    id: string;
    conversation: Conversation | null;
}

function addConversation({ id, client }: Conversation, cache: Cache) {
    addToLists(
        cache,
        "conversations",
        { __typename: "Conversation", id },
        ({ clientId }) => !clientId || clientId === client?.id,
    );
}

/** The cache has already replaced the last message. This adds it to the page of the newest ones. */
function addMessage({ id, conversation }: MessageOfConversation, cache: Cache) {
    if (!conversation) return;
    addConversation(conversation, cache);
    const parent = { __typename: "Conversation", id: conversation.id };
    const key = cache.keyOfEntity({ __typename: "Message", id });
    for (const { fieldName, fieldKey, arguments: args } of cache.inspectFields(parent)) {
        if (fieldName !== "messages" || args?.before || args?.last === 1) continue;
        const list = cache.resolve(parent, fieldKey) as string | null;
        const nodes = list && (cache.resolve(list, "nodes") as string[] | null);
        if (nodes && key && !nodes.includes(key)) cache.link(list, "nodes", [...nodes, key] as Link);
    }
}
