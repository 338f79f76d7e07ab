import { useDocumentVisibility, useIntersection } from "@mantine/hooks";
import { useEffect } from "react";
import { useClient } from "urql";
import type { Message } from "./queries";
import { markRead } from "./readMarkers";

/** Marks a conversation as read while its end is in view in a visible window. Returns the ref of the end. */
export function useMarkRead(conversationId: string, unreadCount: number, last: Message | undefined) {
    const client = useClient();
    const isVisible = useDocumentVisibility() === "visible";
    const { ref, entry } = useIntersection();
    const seen = isVisible && entry?.isIntersecting && unreadCount > 0 ? last?.id : undefined;
    useEffect(() => {
        if (seen) markRead(client, conversationId, seen);
    }, [client, conversationId, seen]);
    return ref;
}
