import { useEffect, useState } from "react";
import { useClient } from "urql";
import { OLDER_MESSAGES, type Message } from "./queries";

interface PageInfo {
    hasPreviousPage: boolean;
    startCursor: string | null;
}

interface Page {
    nodes: Message[];
    pageInfo: PageInfo;
}

/** Returns the messages before the newest ones, as far as `older` has read them. */
export function useOlderMessages(id: string, newest: PageInfo | undefined) {
    const client = useClient();
    // The positions before which messages are read, latest first.
    const [cursors, setCursors] = useState<string[]>([]);
    const [pages, setPages] = useState<Record<string, Page>>({});
    const [failed, setFailed] = useState(false);
    useEffect(() => {
        // Each page stays subscribed, because its messages may be changed or deleted.
        const subscriptions = cursors.map((before) =>
            client.query(OLDER_MESSAGES, { id, before }).subscribe(({ data, error }) => {
                const page = data?.node?.__typename === "Conversation" ? data.node.messages : undefined;
                if (page) setPages((known) => ({ ...known, [before]: page }));
                else if (error) setFailed(true);
            }),
        );
        return () => subscriptions.forEach(({ unsubscribe }) => unsubscribe());
    }, [client, id, cursors]);
    const read = (before: string) => {
        setFailed(false);
        setCursors((known) => [...known.filter((cursor) => cursor !== before), before]);
    };
    const loaded = cursors.flatMap((cursor) => pages[cursor] ?? []);
    const { hasPreviousPage, startCursor } = loaded.at(-1)?.pageInfo ?? newest ?? {};
    return {
        messages: loaded.reverse().flatMap(({ nodes }) => nodes),
        older: hasPreviousPage && startCursor ? { key: startCursor, failed, onVisible: () => read(startCursor) } : undefined,
    };
}
