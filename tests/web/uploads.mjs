// A client sends many small files at once: they are requested and completed together, each one has its own progress, a
// refused one fails alone, and an interruption loses none and sends none twice.
import assert from "node:assert/strict";
import { dossierOf, signIn } from "./api.mjs";
import { assertLive, eventually, goTo, openWindow, PHONE, shows, withBrowser } from "./browser.mjs";

const COUNT = 30;
const names = (word) => Array.from({ length: COUNT }, (_, index) => `${word} ${index + 1}.txt`);
const filesOf = (word) => names(word).map((name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(`${name}\n`.repeat(2_000)) }));
/** A document that says that it is a text. */
const MISNAMED = { name: "Faux.txt", mimeType: "text/plain", buffer: Buffer.from("%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n") };

const DOCUMENTS = `query ($clientId: ID!) {
    documents(first: 100, filter: { clientId: $clientId }) { nodes { name latestVersion { status } } }
}`;

/** Counts the mutations of a page by name. */
function countMutations(page) {
    const counts = {};
    page.on("request", (request) => {
        const [, name] = /mutation (\w+)/.exec(request.postData() ?? "") ?? [];
        if (name && request.url().endsWith("/graphql")) counts[name] = (counts[name] ?? 0) + 1;
    });
    return counts;
}

/** Fails unless each file has become one document, which is verified. */
async function assertSent(client, clientId, word) {
    const { documents } = await client(DOCUMENTS, { clientId });
    const sent = documents.nodes.filter(({ name }) => name.startsWith(`${word} `));
    assert.deepEqual(sent.map(({ name }) => name).sort(), names(word).sort(), "the documents");
    assert.ok(sent.every(({ latestVersion }) => latestVersion.status === "READY"), "a document is not verified");
}

async function send(page, files) {
    const dialog = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Envoyer des fichiers" }).click();
    await (await dialog).setFiles(files);
}

const tray = (page) => page.getByRole("region", { name: "Envois" });

async function sendTogether(page, client, clientId) {
    const counts = countMutations(page);
    const sockets = [];
    page.on("websocket", (socket) => sockets.push(socket));
    await send(page, [...filesOf("Ensemble"), MISNAMED]);
    await shows(tray(page).getByText("1 fichier n’a pas été envoyé"), "that one file was not sent");
    const toggle = tray(page).locator("button[aria-expanded]");
    await toggle.click();
    assert.equal(await tray(page).getByRole("listitem").filter({ hasText: "Vérifié" }).count(), COUNT, "the files that are verified");
    const refused = tray(page).getByRole("listitem").filter({ hasText: MISNAMED.name });
    await shows(refused.getByRole("button", { name: /^(Réessayer|Envoyer comme)/ }), "what can be done about the misnamed file");
    await toggle.click();
    await assertSent(client, clientId, "Ensemble");
    await assertLive(page);
    assert.ok(sockets.length === 0, "the socket was opened again");
    const { RequestUploads, CompleteUploads, RequestUpload = 0, CompleteUpload = 0 } = counts;
    assert.ok(RequestUploads + RequestUpload <= 3, `requested in too many mutations: ${JSON.stringify(counts)}`);
    assert.ok(CompleteUploads + CompleteUpload <= COUNT / 2, `completed in too many mutations: ${JSON.stringify(counts)}`);
    console.log(JSON.stringify(counts));
}

async function sendInterrupted(page, client, clientId) {
    await send(page, filesOf("Coupure"));
    await eventually(async () => assert.ok(/\d+ fichiers/.test(await tray(page).innerText())));
    await page.context().setOffline(true);
    await page.waitForTimeout(3_000);
    await page.context().setOffline(false);
    await assertLive(page);
    await eventually(() => assertSent(client, clientId, "Coupure"));
}

await withBrowser(async (browser) => {
    const client = await signIn("client");
    const { id: clientId } = await dossierOf(client);
    const page = await openWindow(browser, "client", PHONE);
    await goTo(page, "Documents");
    await shows(page.getByRole("heading", { name: "Mes documents" }), "the documents");
    await sendTogether(page, client, clientId);
    await sendInterrupted(page, client, clientId);
    console.log("all files are sent once");
});
