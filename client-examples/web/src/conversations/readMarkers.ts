import type { Client } from "@urql/core";
import { MARK_READ, READ_MARKERS, type Conversation, type Message, type OpenedConversation } from "./queries";

/** The last read message of each conversation whose marker the server has not confirmed. Each session has its own. */
const waiting = new WeakMap<Client, Map<string, string>>();
let sending = Promise.resolve();

/** Tells the other tabs of this browser that markers have moved. No event does, because markers belong to one person. */
const tabs = new BroadcastChannel("dossier-read-markers");

/** Marks a conversation as read up to a message. It is sent again later if the server cannot be reached now. */
export function markRead(client: Client, conversationId: string, messageId: string) {
    const markers = waiting.get(client) ?? new Map<string, string>();
    waiting.set(client, markers.set(conversationId, messageId));
    sendMarkers(client);
}

/** Sends the markers that wait, one after the other. */
export function sendMarkers(client: Client) {
    sending = sending.then(async () => {
        for (const [id, messageId] of waiting.get(client) ?? []) {
            const { error } = await client.mutation(MARK_READ, { input: { id, messageId } }, { fetchOptions: { keepalive: true } }).toPromise();
            // Without an error of GraphQL, the server was not reached.
            if (error && (error.graphQLErrors.length === 0 || error.graphQLErrors[0]!.extensions.retryAfter)) return;
            const markers = waiting.get(client)!;
            if (markers.get(id) === messageId) markers.delete(id);
            tabs.postMessage("moved");
        }
    });
}

/** Calls `read` when a marker may have moved in another tab or on another device. Returns the function that ends it. */
export function watchMarkers(read: () => void) {
    const readIfVisible = () => document.visibilityState === "visible" && read();
    tabs.addEventListener("message", read);
    addEventListener("focus", readIfVisible);
    document.addEventListener("visibilitychange", readIfVisible);
    return () => {
        tabs.removeEventListener("message", read);
        removeEventListener("focus", readIfVisible);
        document.removeEventListener("visibilitychange", readIfVisible);
    };
}

/** Reads the markers again. */
export const readMarkers = (client: Client) => void client.query(READ_MARKERS, {}, { requestPolicy: "network-only" }).toPromise();

export const isUnread = ({ unreadCount }: Conversation) => unreadCount > 0;

/**
 * Returns the time of the last message that counts as read. Without a marker, the server counts the messages since the
 * viewer became a member.
 */
export function readUntil({ lastReadMessage, unreadCount }: OpenedConversation, messages: Message[]) {
    if (lastReadMessage) return lastReadMessage.createdAt;
    const counted = messages.filter(({ author, deletedAt }) => !author.isViewer && !deletedAt);
    return counted.at(-1 - unreadCount)?.createdAt ?? "";
}
