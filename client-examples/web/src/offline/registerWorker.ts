import { notifyNewVersion } from "./notifyNewVersion";

/** How long the page may load before the worker stores the files of all other pages. */
const DELAY = 10_000;
const HOUR = 60 * 60 * 1_000;

/** Lets the app open without a network. It needs https, or an address of this machine. */
export function registerWorker() {
    const { connection } = navigator as { connection?: { saveData: boolean } };
    if (!import.meta.env.PROD || !("serviceWorker" in navigator) || connection?.saveData) return;
    setTimeout(() => void register(), DELAY);
}

async function register() {
    const registration = await navigator.serviceWorker.register("/worker.js", { updateViaCache: "none" }).catch(() => undefined);
    registration?.addEventListener("updatefound", () => {
        const next = registration.installing;
        next?.addEventListener("statechange", () => {
            // The first version has nothing to replace.
            if (next.state === "installed" && navigator.serviceWorker.controller) notifyNewVersion();
        });
    });
    let checked = Date.now();
    document.addEventListener("visibilitychange", () => {
        if (document.hidden || Date.now() - checked < HOUR) return;
        checked = Date.now();
        registration?.update().catch(() => {});
    });
}
