import { createContext, useContext } from "react";
import type { RequestRow } from "./queries";

interface Queue {
    /** The displayed requests, in their order. */
    rows: RequestRow[];
    /** Opens the request after this one, or the list if there is none. */
    openAfter: (id: string) => void;
    /** The names of the people who look at a request. */
    viewersOf: (id: string) => string[];
}

const QueueContext = createContext<Queue | undefined>(undefined);

export const QueueProvider = QueueContext.Provider;

/** Returns the queue in which the request is opened. */
export function useQueue() {
    const queue = useContext(QueueContext);
    if (!queue) throw new Error("useQueue works only inside of QueuePage.");
    return queue;
}
