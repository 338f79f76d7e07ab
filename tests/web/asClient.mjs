// Compares the preview of the agency with the portal of the client: both show the same rows, and nothing internal.
import assert from "node:assert/strict";
import { dossierOf, mutate, signIn, upload, url } from "./api.mjs";
import { eventually, goTo, openWindow, shows, withBrowser } from "./browser.mjs";

/** What the client must not see: hidden and private files, an internal message, an internal request, and a draft. */
async function addInternals(operator, clientId) {
    await upload(operator, { clientId, zone: "DOCUMENTS", name: "Caché.txt", bytes: "Caché" });
    await upload(operator, { clientId, zone: "PRIVATE", name: "Privé.txt", bytes: "Privé" });
    await mutate(operator, "submitValidationRequest", { clientId, title: "Demande interne" }, "validationRequest { id }");
    const input = { clientId, subject: "Échange", body: "Bonjour" };
    const { conversation } = await mutate(operator, "startConversation", input, "conversation { id }");
    await mutate(operator, "postMessage", { conversationId: conversation.id, body: "Message interne", internal: true });
    const lines = [{ description: "Ligne", unitPrice: "10", vatRate: "20" }];
    await mutate(operator, "createInvoice", { clientId, title: "Facture en brouillon", lines }, "invoice { id }");
}

/** The client reads everything. The agency does not know what is unread for the client. */
async function readAll(client) {
    const { conversations } = await client("{ conversations(first: 100) { nodes { id } } }");
    for (const { id } of conversations.nodes) await mutate(client, "markConversationRead", { id }, "conversation { id }");
}

const INTERNAL = ["Caché.txt", "Privé.txt", "Demande interne", "Message interne", "Facture en brouillon"];

/** Returns the lines of a page, without the times that pass between two windows. */
const linesOf = async (locator) =>
    (await locator.innerText())
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line && !/^(il y a|à l’instant)/.test(line));

/** Returns the lines of the rows of a page. */
const rowsOf = async (page, rows) => (await Promise.all((await rows.all()).map(linesOf))).sort();

async function compare(hub, portal, name) {
    await goTo(portal, name);
    await hub.getByRole("navigation", { name: "Pages du portail" }).getByRole("link", { name }).click();
    const rows = (scope) => scope.locator("section > div [class*=row]:not([class*=row] *)");
    await eventually(async () => {
        const seen = await rowsOf(portal, rows(portal.getByRole("main")));
        const previewed = await rowsOf(hub, rows(hub.getByRole("article")));
        assert.ok(seen.length > 0, `the portal shows no rows on “${name}”`);
        assert.deepEqual(previewed, seen, `the preview of “${name}” differs from the portal`);
    });
    const text = await hub.getByRole("article").innerText();
    for (const internal of INTERNAL) assert.ok(!text.includes(internal), `the preview of “${name}” shows “${internal}”`);
}

await withBrowser(async (browser) => {
    const [operator, client] = [await signIn("operator"), await signIn("client")];
    const { id: clientId } = await dossierOf(client);
    await addInternals(operator, clientId);
    await readAll(client);
    const portal = await openWindow(browser, "client");
    const hub = await openWindow(browser, "operator");
    await hub.goto(`${url}/dossiers/${clientId}`);
    await hub.getByRole("link", { name: "Voir comme le client" }).filter({ visible: true }).click();
    await shows(hub.getByRole("heading", { name: /^Aperçu/ }), "the preview");
    for (const name of ["Documents", "Demandes", "Messages", "Factures"]) await compare(hub, portal, name);
    await hub.getByRole("link", { name: "Messages" }).last().click();
    await hub.getByRole("link", { name: /Échange/ }).click();
    await shows(hub.getByRole("listitem").filter({ hasText: "Bonjour" }), "the shared message");
    assert.equal(await hub.getByText("Message interne").count(), 0, "the preview shows an internal message");
    console.log("the preview shows what the portal shows");
});
