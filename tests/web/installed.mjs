// Opens the app without a network: the pages that were loaded can be read, what is written waits, and nothing of it is
// left for the next person.
import assert from "node:assert/strict";
import { dossierOf, mutate, signIn, upload, url } from "./api.mjs";
import { assertLive, eventually, goTo, openWindow, PHONE, shows, withBrowser } from "./browser.mjs";
import { startProxy } from "./proxy.mjs";

/** The worker begins to store the app some seconds after the first page. */
const installed = (page) => page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);

/** Returns the paths of everything that the caches of the browser contain. */
const cachedPaths = (page) =>
    page.evaluate(async () => {
        const caches = await Promise.all((await window.caches.keys()).map((name) => window.caches.open(name)));
        const requests = (await Promise.all(caches.map((cache) => cache.keys()))).flat();
        return requests.map((request) => new URL(request.url).pathname);
    });

/** Returns all texts that the databases and the storage of the browser contain. */
const storedTexts = (page) =>
    page.evaluate(async () => {
        const request = (run) => new Promise((resolve, reject) => ((run.onsuccess = () => resolve(run.result)), (run.onerror = () => reject(run.error))));
        const stored = [];
        for (const { name } of await indexedDB.databases()) {
            const database = await request(indexedDB.open(name));
            for (const store of database.objectStoreNames) stored.push(...(await request(database.transaction(store).objectStore(store).getAll())));
            database.close();
        }
        return JSON.stringify([stored, { ...localStorage }, { ...sessionStorage }]);
    });

const rowsOf = (page) => page.getByRole("main").getByRole("link").allInnerTexts();

async function readOffline(page, proxy) {
    await goTo(page, "Documents");
    await shows(page.getByRole("heading", { name: "Mes documents" }), "the documents");
    await shows(page.getByRole("main").getByRole("link"), "a document");
    // The address of the file is read with the page of the document.
    await page.getByRole("link", { name: "Plan du site.txt" }).click();
    await shows(page.getByRole("heading", { name: "Plan du site.txt" }), "a document");
    // The embedded store refuses to be read by the page, because the proxy has another port.
    const text = page.getByLabel("Plan du site.txt", { exact: true });
    await shows(text.or(page.getByText("Pas d’aperçu pour ce fichier.")), "that the address was read");
    await goTo(page, "Documents");
    await shows(page.getByRole("heading", { name: "Mes documents" }), "the documents");
    const documents = await rowsOf(page);
    await eventually(async () => assert.equal(await installed(page), "activated"));
    await eventually(async () => assert.ok((await storedTexts(page)).includes(documents[0]), "the documents are not stored"));

    proxy.cut();
    await page.reload();
    await shows(page.getByRole("heading", { name: "Mes documents" }), "the documents without a network");
    await eventually(async () => assert.deepEqual(await rowsOf(page), documents, "other documents without a network"));
    await shows(page.getByRole("status").getByText(/^Reconnexion/), "that it is not connected");
    await goTo(page, "Demandes");
    await page.getByRole("button", { name: "Nouvelle demande" }).click();
    await page.getByLabel("De quoi s’agit-il ?").fill("Écrite sans réseau");
    await page.getByRole("button", { name: "Envoyer à l’agence" }).click();
    await shows(page.getByText("En attente de connexion"), "that the request waits");

    proxy.restore();
    await assertLive(page);
    await shows(page.getByRole("link", { name: "Écrite sans réseau" }), "the request that was sent");
}

/** Fails if a cache has an answer of the API, if a token is stored, or if something is left after signing out. */
async function assertForgotten(page, known, tokens) {
    const paths = await cachedPaths(page);
    const foreign = paths.filter((path) => path !== "/" && !/^\/(assets\/|icon\.svg$|manifest\.webmanifest$)/.test(path));
    assert.deepEqual(foreign, [], "the worker stores more than the files of the app");
    const stored = await storedTexts(page);
    assert.ok(stored.includes(known), "nothing is stored");
    assert.ok(tokens.size > 0 && [...tokens].every((token) => !stored.includes(token)), "an access token is stored");
    assert.ok(!/x-id=|Signature=/i.test(stored), "the address of a file is stored");
    // A second tab has the same data in memory, and must not write it again.
    const other = await page.context().newPage();
    await other.goto(page.url());
    await assertLive(other);
    await page.getByRole("button", { name: "Julien Martin" }).click();
    await page.getByRole("menuitem", { name: "Se déconnecter" }).click();
    await shows(page.getByLabel("Adresse e-mail"), "the sign-in page");
    await shows(other.getByLabel("Adresse e-mail"), "the sign-in page in the other tab");
    await eventually(async () => assert.ok(!(await storedTexts(page)).includes(known), `“${known}” is left after signing out`));
    // Whatever waited to be written would be written by now.
    await page.waitForTimeout(2_500);
    const left = await storedTexts(page);
    for (const text of [known, "offline-snapshot", "Document:"]) assert.ok(!left.includes(text), `“${text}” is left after signing out`);
    await page.reload();
    await shows(page.getByLabel("Adresse e-mail"), "the sign-in page after it was loaded again");
}

/** Collects the access tokens that a page sends. */
function tokensOf(page) {
    const tokens = new Set();
    page.on("request", (request) => {
        const [, token] = /^Bearer (.+)$/.exec(request.headers().authorization ?? "") ?? [];
        if (token) tokens.add(token);
    });
    return tokens;
}

await withBrowser(async (browser) => {
    const client = await signIn("client");
    const { id: clientId, name } = await dossierOf(client);
    const title = "Visible hors ligne";
    await upload(client, { clientId, zone: "DOCUMENTS", name: "Plan du site.txt", bytes: "Accueil" });
    await mutate(client, "submitValidationRequest", { clientId, title }, "validationRequest { id }");
    const proxy = await startProxy(url);
    const portal = await openWindow(browser, "client", { ...PHONE, baseUrl: proxy.url });
    const tokens = tokensOf(portal);
    await readOffline(portal, proxy);
    await assertForgotten(portal, name, tokens);
    proxy.close();
    console.log("the app opens without a network, and forgets");
});
