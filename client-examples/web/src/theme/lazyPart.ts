import { lazy, type ComponentType } from "react";

/** How long a failed load waits for the next attempt, unless the network returns before. */
const PAUSE = 5_000;

/**
 * A part of a page that is loaded after it. If the network is away, it is loaded later, because a part that is missing must
 * not replace the page by an error. The page itself imports the styles of the part: Vite requests a style sheet only once.
 */
export const lazyPart = <Props>(load: () => Promise<ComponentType<Props>>) => lazy(async () => ({ default: await loadUntilDone(load) }));

async function loadUntilDone<Part>(load: () => Promise<Part>): Promise<Part> {
    for (;;) {
        try {
            return await load();
        } catch {
            await pause();
        }
    }
}

const pause = () =>
    new Promise<void>((resolve) => {
        const end = () => {
            clearTimeout(timer);
            removeEventListener("online", end);
            resolve();
        };
        const timer = setTimeout(end, PAUSE);
        addEventListener("online", end);
    });
