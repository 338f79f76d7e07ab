// Two windows of one person agree about what was read. Requests with documents, comments and due dates are live in all of
// them.
import assert from "node:assert/strict";
import { dossierOf, mutate, signIn, upload } from "./api.mjs";
import { eventually, goTo, hides, openWindow, shows, withBrowser } from "./browser.mjs";

const UNREAD = "query ($id: ID!) { node(id: $id) { ... on Conversation { unreadCount } } }";

const assertRead = (person, id) =>
    eventually(async () => assert.equal((await person(UNREAD, { id })).node.unreadCount, 0, "the server counts read messages"));

/** One window reads the messages of the client. The other one, which is on another device, learns it when it gets the focus. */
async function readOnOtherDevice({ desk, laptop, operator, client, clientId }) {
    for (const page of [desk, laptop]) await goTo(page, "Messages");
    const input = { clientId, subject: "Ouverture du samedi", body: "Bonjour" };
    const { conversation } = await mutate(client, "startConversation", input, "conversation { id }");
    await mutate(client, "postMessage", { conversationId: conversation.id, body: "Est-ce possible ?" }, "message { id }");
    const row = (page) => page.getByRole("link", { name: input.subject });
    for (const page of [desk, laptop]) await shows(row(page).getByLabel("2 messages non lus"), "two unread messages");
    await row(laptop).click();
    await shows(laptop.getByText("Nouveaux messages", { exact: true }), "the line before the first unread message");
    await hides(row(laptop).getByLabel(/non lu/), "unread messages where they were read");
    await assertRead(operator, conversation.id);
    await desk.evaluate(() => dispatchEvent(new Event("focus")));
    await hides(row(desk).getByLabel(/non lu/), "unread messages that were read on another device");
    return conversation.id;
}

/** The portal counts the answer of the agency until the client has read it. */
async function readInPortal({ portal, operator, client }, conversationId) {
    const link = portal.getByRole("navigation").first().getByRole("link", { name: "Messages" });
    const { unread } = await client("{ unread: conversations(first: 100, filter: { unread: true }) { nodes { id } } }");
    const count = unread.nodes.length;
    await mutate(operator, "postMessage", { conversationId, body: "Oui, dès samedi." }, "message { id }");
    await shows(link.getByText(String(count + 1), { exact: true }), "the unread conversation in the navigation");
    await goTo(portal, "Messages");
    await portal.getByRole("link", { name: "Ouverture du samedi" }).click();
    await shows(portal.getByRole("listitem").filter({ hasText: "Oui, dès samedi." }), "the answer");
    await assertRead(client, conversationId);
    await hides(link.getByText(String(count + 1), { exact: true }), "the conversation that was read");
}

/** The client submits two documents. A comment arrives live, and the request is overdue in the other window of the hub. */
async function submitDocuments({ desk, laptop, portal, client, clientId }) {
    const names = ["Plan.txt", "Façade.txt"];
    for (const name of names) await upload(client, { clientId, zone: "DOCUMENTS", name, bytes: name });
    await goTo(portal, "Demandes");
    await portal.getByRole("button", { name: "Nouvelle demande" }).click();
    await portal.getByLabel("De quoi s’agit-il ?").fill("Valider les plans");
    await portal.getByRole("combobox", { name: "Documents (facultatif)" }).click();
    for (const name of names) await portal.getByRole("option", { name }).click();
    await portal.keyboard.press("Escape");
    await portal.getByRole("button", { name: "Envoyer à l’agence" }).click();
    await portal.getByRole("link", { name: "Valider les plans" }).click();
    for (const page of [desk, laptop]) await goTo(page, "Validation");
    await laptop.getByRole("link", { name: "Valider les plans" }).click();
    for (const page of [laptop, portal]) for (const name of names) await shows(page.getByRole("link", { name, exact: true }), `a link to ${name}`);

    await laptop.getByRole("switch", { name: "Interne" }).click();
    await laptop.getByRole("textbox", { name: "Commenter" }).fill("La façade est-elle à l’échelle ?");
    await laptop.getByRole("button", { name: "Commenter" }).click();
    await shows(portal.getByText("La façade est-elle à l’échelle ?"), "the comment");

    await desk.getByText("En retard", { exact: true }).click();
    await laptop.getByRole("button", { name: "Échéance" }).click();
    await laptop.getByLabel("Décider avant le").fill("2020-01-31");
    await laptop.getByRole("button", { name: "Enregistrer" }).click();
    await shows(desk.getByRole("link", { name: /Valider les plans.*En retard/ }), "the overdue request");
}

await withBrowser(async (browser) => {
    const [operator, client] = [await signIn("operator"), await signIn("client")];
    const { id: clientId } = await dossierOf(client);
    const [desk, laptop] = [await openWindow(browser, "operator"), await openWindow(browser, "operator")];
    const portal = await openWindow(browser, "client");
    const all = { desk, laptop, portal, operator, client, clientId };
    await readInPortal(all, await readOnOtherDevice(all));
    await submitDocuments(all);
    console.log("two windows agree");
});
