import { useEffect, useRef } from "react";
import { useChosenKeys, useShortcutsEnabled } from "./settings";
import { GO, SHORTCUTS, withKey, type ShortcutId } from "./shortcuts";

type Handlers = Partial<Record<ShortcutId, () => void>>;

/** How long the key after `G` may take. */
const SEQUENCE_MILLISECONDS = 1_500;

let goUntil = 0;

/** Whether a key belongs to what has the focus, such as a text field, a menu or a dialog. */
function isTaken(target: EventTarget | null) {
    if (document.querySelector('[aria-modal="true"]')) return true;
    const element = target instanceof HTMLElement ? target : document.body;
    return element.isContentEditable || element.closest("input, textarea, select, [role=menu], [role=listbox]") !== null;
}

/** Calls a handler when its shortcut is pressed. A key that is held down repeats only moves. */
export function useShortcuts(handlers: Handlers) {
    const [enabled] = useShortcutsEnabled();
    const [chosen] = useChosenKeys();
    const latest = useRef(handlers);
    useEffect(() => {
        latest.current = handlers;
    });
    useEffect(() => {
        if (!enabled) return;
        const press = (event: KeyboardEvent) => {
            const { key, ctrlKey, metaKey, altKey, isComposing, defaultPrevented, repeat } = event;
            if (defaultPrevented || isComposing || ctrlKey || metaKey || altKey || isTaken(event.target)) return;
            if (key.toLowerCase() === GO) {
                goUntil = event.timeStamp + SEQUENCE_MILLISECONDS;
                return;
            }
            const afterG = event.timeStamp < goUntil;
            const id = withKey(key, afterG, chosen).find((id) => latest.current[id]);
            if (!id || (repeat && id !== "next" && id !== "previous")) return;
            goUntil = 0;
            event.preventDefault();
            latest.current[id]!();
        };
        addEventListener("keydown", press);
        return () => removeEventListener("keydown", press);
    }, [enabled, chosen]);
}

/** Returns a function that returns the keys of a shortcut for display. It returns nothing while they are switched off. */
export function useKeysOf() {
    const [enabled] = useShortcutsEnabled();
    const [chosen] = useChosenKeys();
    return (id: ShortcutId) => (enabled ? (chosen[id] ?? SHORTCUTS[id].key).toUpperCase() : undefined);
}
