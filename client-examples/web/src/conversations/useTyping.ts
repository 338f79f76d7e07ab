import { useEffect, useRef } from "react";
import { REPEAT, useSignal } from "../live/presence";

/** Returns functions that signal that the viewer types, and that they have stopped. */
export function useTyping(conversationId: string, internal: boolean) {
    const signal = useSignal();
    const last = useRef(0);
    const type = () => {
        if (Date.now() - last.current < REPEAT - 1_000) return;
        last.current = Date.now();
        signal({ conversationId, internal, activity: "TYPING" });
    };
    const stop = () => {
        if (last.current > 0) signal({ conversationId, internal, activity: "LEFT" });
        last.current = 0;
    };
    const latestStop = useRef(stop);
    useEffect(() => {
        latestStop.current = stop;
    });
    useEffect(() => () => latestStop.current(), []);
    return { type, stop };
}
