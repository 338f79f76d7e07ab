import { outbox } from "../outbox/outbox";
import type { Entry } from "../outbox/storage";
import { useEntries } from "../outbox/useEntries";
import type { Message } from "./queries";

/** How far the clocks of the browser and the server may differ. */
const CLOCK_MILLISECONDS = 30_000;

/** Returns the messages of a conversation that are not confirmed, without those that are already among `messages`. */
export function usePendingMessages(conversationId: string, messages: Message[]) {
    return useEntries("postMessage").filter(
        (entry) => entry.input.conversationId === conversationId && !messages.some((message) => isSame(message, entry)),
    );
}

/**
 * Whether a message is the one of an entry whose confirmation got lost with an earlier page. A message has no client
 * mutation id, so that only its text can tell.
 */
const isSame = ({ author, body, internal, createdAt }: Message, { id, input, sentAt }: Entry<"postMessage">) =>
    sentAt !== undefined &&
    outbox.isOlderThanPage(id) &&
    author.isViewer &&
    body === input.body &&
    internal === (input.internal ?? false) &&
    Date.parse(createdAt) > sentAt - CLOCK_MILLISECONDS;
