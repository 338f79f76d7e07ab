import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import type { KeyboardEvent } from "react";

/** Returns whether Enter sends a text in this browser, and a function that tells whether a key press sends it. */
export function useEnterSends() {
    const touch = useMediaQuery("(pointer: coarse)", undefined, { getInitialValueInEffect: false });
    const [enterSends, setEnterSends] = useLocalStorage({ key: "enter-sends", defaultValue: !touch, getInitialValueInEffect: false });
    const sends = ({ key, nativeEvent, ctrlKey, metaKey, shiftKey }: KeyboardEvent) =>
        key === "Enter" && !nativeEvent.isComposing && (ctrlKey || metaKey || (enterSends && !shiftKey));
    return { enterSends, setEnterSends, sends };
}
