import type { ActivityEvent } from "./queries";

/**
 * Returns the events without those that say the same again: older changes of a draft by the same person, and older
 * events of a removed subject.
 */
export function withoutRepetitions(events: ActivityEvent[]) {
    const removed = new Set<string | null>();
    let newer: ActivityEvent | undefined;
    return events.filter((event) => {
        const repeats = event.type === "REMOVED" ? removed.has(event.subjectId) : newer !== undefined && saysSame(newer, event);
        if (event.type === "REMOVED") removed.add(event.subjectId);
        newer = event;
        return !repeats;
    });
}

const saysSame = (a: ActivityEvent, b: ActivityEvent) =>
    a.type === b.type && a.subjectId === b.subjectId && a.actor?.displayName === b.actor?.displayName;
