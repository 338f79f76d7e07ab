import { useLocalStorage } from "@mantine/hooks";
import { useCallback, useEffect } from "react";
import { useViewer } from "../viewer/ViewerContext";
import type { Conversation, Message } from "./queries";

interface Seen {
    /** When this browser began to remember. Earlier messages count as seen. */
    since: string;
    /** The time of the last seen message of each conversation. */
    until: Record<string, string>;
}

const START = new Date().toISOString();

/** The messages that the viewer has seen in this browser. The server has no read marker, so that each browser has its own. */
export function useSeen() {
    const key = `seen-messages:${useViewer().id}`;
    const [seen, setSeen] = useLocalStorage<Seen>({
        key,
        defaultValue: { since: START, until: {} },
        getInitialValueInEffect: false,
    });
    useEffect(() => {
        if (!localStorage.getItem(key)) setSeen((first) => first);
    }, [key, setSeen]);
    const seenUntil = (conversationId: string) => seen.until[conversationId] ?? seen.since;
    const see = useCallback(
        (conversationId: string, time: string) =>
            setSeen(({ since, until }) => ({ since, until: { ...until, [conversationId]: time } })),
        [setSeen],
    );
    return { seenUntil, see };
}

/** Whether a message of somebody else came after what was seen. */
export const isUnread = ({ author, createdAt }: Message, until: string) => !author.isViewer && createdAt > until;

/** Returns a function that tells whether the last message of a conversation is unread. */
export function useIsUnread() {
    const { seenUntil } = useSeen();
    return ({ id, messages }: Conversation) => {
        const last = messages.nodes.at(-1);
        return last !== undefined && isUnread(last, seenUntil(id));
    };
}
