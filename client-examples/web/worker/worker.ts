/// <reference lib="webworker" />
// The service worker. It stores the files of the app, and nothing else: no answer of the API ever passes through a cache.
// The loaded data of an account is in `src/offline/store.ts`, which belongs to that account.

export {};
declare const self: ServiceWorkerGlobalScope;
declare const BUILT_FILES: string[];

/** The files of this version. Names in `assets/` contain a hash of the content. */
const FILES = BUILT_FILES;

const CACHE = "app";
/** The page that all addresses of the app show. */
const PAGE = "/";
/** The first parts of these addresses. All others, such as `/graphql`, belong to the server. */
const ADDRESSES = /^\/(account|activity|confirm-email|dossiers|invitation|messages|money|people|portal|reset-password|settings|validation)?(\/|$)/;
/** A file is the same for all requests. Scripts are asked for with other headers than those with which it was stored. */
const ANY_HEADERS = { ignoreSearch: true, ignoreVary: true };
/** How long a network may take that is there, but does not work. */
const PATIENCE = 4_000;

/** Stores what the last version did not have. The page comes last, because it needs all others. */
async function store() {
    const cache = await caches.open(CACHE);
    const stored = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
    const isNew = (path: string) => !path.startsWith("/assets/") || !stored.has(path);
    await cache.addAll(FILES.filter(isNew));
    await cache.add(new Request(PAGE, { cache: "reload", headers: { Accept: "text/html" } }));
}

/** Deletes the files of earlier versions, when no page uses them any more. */
async function clean() {
    const cache = await caches.open(CACHE);
    const current = new Set([PAGE, ...FILES]);
    const old = (await cache.keys()).filter(({ url }) => !current.has(new URL(url).pathname));
    await Promise.all(old.map((request) => cache.delete(request)));
    await self.clients.claim();
}

/** Returns the page of the server, or the stored one if the server does not answer in time. */
async function page(request: Request) {
    const stored = (await caches.open(CACHE)).match(PAGE, ANY_HEADERS);
    const fetched = fetch(request);
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE));
    const first = await Promise.race([fetched, late]).catch(() => undefined);
    return first ?? (await stored) ?? fetched;
}

async function file(request: Request) {
    const stored = await (await caches.open(CACHE)).match(request, ANY_HEADERS);
    return stored ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(store()));
self.addEventListener("activate", (event) => event.waitUntil(clean()));
self.addEventListener("fetch", (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== "GET" || origin !== self.location.origin) return;
    if (request.mode === "navigate") {
        if (ADDRESSES.test(pathname)) event.respondWith(page(request));
        // The stored page may already be that of the next version, whose files are stored as well.
    } else if (pathname.startsWith("/assets/") || FILES.includes(pathname)) event.respondWith(file(request));
});
