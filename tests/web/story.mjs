// A client sends a document, as docs/ tells it: the eight steps from an upload to a paid invoice. Two windows of the hub
// and two of the portal are open all the time, and none of them is loaded again. The story happens twice: with the portal
// on a computer, and on a phone. In the middle of both, the server is killed.
import assert from "node:assert/strict";
import { dossierOf, mutate, signIn, upload } from "./api.mjs";
import {
    assertNotReloaded,
    closeInput,
    DESKTOP,
    goTo,
    hides,
    mark,
    openWindow,
    PHONE,
    restartServer,
    shows,
    withBrowser,
} from "./browser.mjs";
import { bill } from "./storyMoney.mjs";

const DOCUMENTS = `query ($clientId: ID!) {
    documents(first: 100, filter: { clientId: $clientId }) { nodes { name latestVersion { id } } }
}`;

const row = (page, name) => page.getByRole("listitem").filter({ hasText: name });
const eye = (page, name) => page.getByRole("button", { name: `${name} : visible du client`, exact: true });

/** Chooses a file in the dialog that a button opens. */
async function chooseFile(page, button, name, text) {
    const dialog = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: button }).click();
    await (await dialog).setFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
    const tray = page.getByRole("region", { name: "Envois" });
    await shows(tray.getByText(/fichiers? envoyés? et vérifiés?/), `that ${name} is sent and verified`);
    await tray.getByRole("button", { name: "Fermer" }).click();
}

/** Clicks a button that downloads, and compares the bytes that the object store answers. */
async function download(page, button, text) {
    let file;
    // The download may begin as soon as the window opens.
    const opened = page.waitForEvent("popup", async (popup) => (file = await popup.waitForEvent("download")));
    await shows(button, "the button that downloads");
    await button.click();
    const popup = await opened;
    const address = new URL(file.url());
    const parts = await (await file.createReadStream()).toArray();
    assert.equal(Buffer.concat(parts).toString(), text, `the bytes of ${file.suggestedFilename()}`);
    // A browser slows down the page behind it.
    await popup.close();
    return address;
}

/** Steps 1 to 4: the client sends a file, and the hub shows it in the same moment. */
async function sendBrief({ hub, portal, brief, text }) {
    await goTo(portal, "Documents");
    await chooseFile(portal, "Envoyer des fichiers", brief, text);
    await shows(portal.getByRole("button", { name: `Télécharger ${brief}` }), `${brief} with a button that downloads it`);
    await shows(row(hub, brief).getByText("Julien Martin"), `${brief} from Julien Martin`);
    assert.equal(await eye(hub, brief).getAttribute("aria-pressed"), "true", `the hub says that the client does not see ${brief}`);
}

/** Step 5: the operator reads the file, and uploads the deliverable, which the client does not see. */
async function uploadDeliverable({ hub, portal, operator, clientId, brief, deliverable, device, text }) {
    await hub.getByRole("link", { name: brief, exact: true }).click();
    const panel = hub.getByRole("article").filter({ has: hub.getByRole("heading", { name: brief }) });
    await download(hub, panel.getByRole("button", { name: "Télécharger", exact: true }), text);
    await chooseFile(hub, "Ajouter", deliverable, `${text} Voici la maquette.`);
    await shows(eye(hub, deliverable), deliverable);
    assert.equal(await eye(hub, deliverable).getAttribute("aria-pressed"), "false", `${deliverable} is visible before it is published`);

    // The next arrival at the portal proves that the deliverable has not arrived.
    const witness = `Témoin ${device}.txt`;
    const { documentId } = await upload(operator, { clientId, zone: "DOCUMENTS", name: witness, bytes: "Témoin" });
    await mutate(operator, "publishDocument", { id: documentId });
    await shows(portal.getByRole("link", { name: witness }), witness);
    assert.equal(await portal.getByRole("link", { name: deliverable, exact: true }).count(), 0, `the portal shows the hidden ${deliverable}`);
}

/** Kills the server. All windows come back by themselves. */
async function crash(windows) {
    const caughtUp = /Rien de manqué|rattrapé/;
    const back = windows.map((page) => shows(page.getByRole("status").getByText(caughtUp), "that it is connected again"));
    await restartServer();
    await Promise.all(back);
}

/** Step 6: the deliverable waits in the hub. The owner approves it, and it leaves the queue of the operator. */
async function approve({ hub, owner, operator, clientId, deliverable }) {
    const title = `Valider ${deliverable}`;
    for (const page of [hub, owner]) await goTo(page, "Validation");
    // The hub has no form for a request of the agency.
    const { documents } = await operator(DOCUMENTS, { clientId });
    const documentVersionId = documents.nodes.find(({ name }) => name === deliverable).latestVersion.id;
    await mutate(operator, "submitValidationRequest", { clientId, title, documentVersionId });
    await shows(row(hub, title), `“${title}” in the queue of the operator`);
    await shows(row(owner, title), `“${title}” in the queue of the owner`);
    await owner.getByRole("link", { name: title }).click();
    await shows(owner.getByText(deliverable, { exact: true }), `the document ${deliverable}`);
    await owner.getByRole("button", { name: /^Approuver/ }).click();
    await hides(row(hub, title), `“${title}” in the queue of the operator`);
}

/** The client asks for something. Each answer of the agency appears at the portal. */
async function answerRequest({ hub, portal, question, deliverable }) {
    await goTo(portal, "Demandes");
    await portal.getByRole("button", { name: "Nouvelle demande" }).click();
    await portal.getByLabel("De quoi s’agit-il ?").fill(question);
    await portal.getByRole("button", { name: "Envoyer à l’agence" }).click();
    const own = portal.getByRole("link", { name: question });
    await shows(own.getByText("En attente"), `“${question}” as waiting`);
    assert.equal(await portal.getByText(`Valider ${deliverable}`).count(), 0, "the portal shows an internal request");

    await hub.getByRole("link", { name: question }).click();
    await hub.getByRole("button", { name: "Faire modifier" }).click();
    await hub.getByLabel("Que faut-il modifier ?").fill("Précisez la date.");
    await hub.getByRole("button", { name: "Renvoyer" }).click();
    await shows(own.getByText("À modifier"), `“${question}” as to be changed`);
    await own.click();
    await shows(portal.getByText("Précisez la date.").first(), "the reason of the agency");
    await portal.getByRole("button", { name: "Soumettre à nouveau" }).click();

    await shows(row(hub, question), `“${question}” in the queue again`);
    await hub.getByRole("link", { name: question }).click();
    // The request that was open before has the same button.
    await shows(hub.getByRole("heading", { name: question }), `“${question}” beside the queue`);
    await hub.getByRole("button", { name: /^Approuver/ }).click();
    await shows(portal.getByText("Approuvé", { exact: true }), `“${question}” as approved`);
}

/** Step 7: the operator publishes the deliverable. The portal shows it at once, and the client downloads it. */
async function publish({ hub, portal, clientName, deliverable, text }) {
    await goTo(portal, "Documents");
    await openFiles(hub, clientName);
    await eye(hub, deliverable).click();
    await shows(portal.getByRole("link", { name: deliverable, exact: true }), deliverable);
    const button = portal.getByRole("button", { name: `Télécharger ${deliverable}`, exact: true });
    const { searchParams } = await download(portal, button, `${text} Voici la maquette.`);
    const seconds = Number(searchParams.get("X-Amz-Expires"));
    assert.ok(seconds > 0 && seconds <= 900, `the address of the file works for ${seconds} s`);
}

/** Opens the documents of a dossier by the links of the hub. */
async function openFiles(hub, clientName) {
    await goTo(hub, "Dossiers");
    await hub.getByRole("link", { name: clientName }).first().click();
    await hub.getByRole("link", { name: "Fichiers" }).click();
    await shows(hub.getByLabel("Chercher un nom"), "the files of the dossier");
}

async function tell(people, device) {
    const { hub, portal, client } = people;
    const [brief, deliverable] = [`Brief ${device}.txt`, `Maquette ${device}.txt`];
    const { id: clientId, name: clientName } = await dossierOf(client);
    const [text, question] = [`Un logo pour le ${device}.`, `Une date pour le ${device}`];
    const story = { ...people, clientId, clientName, brief, deliverable, text, question, device };
    await openFiles(hub, clientName);
    await sendBrief(story);
    await uploadDeliverable(story);
    await crash([hub, people.owner, portal]);
    await approve(story);
    await answerRequest(story);
    await publish(story);
    await bill(story);
    for (const page of [hub, people.owner, portal]) await assertNotReloaded(page);
}

await withBrowser(async (browser) => {
    const [operator, client] = [await signIn("operator"), await signIn("client")];
    const hub = await openWindow(browser, "operator");
    const owner = await openWindow(browser, "owner");
    const portals = { ordinateur: await openWindow(browser, "client", DESKTOP), téléphone: await openWindow(browser, "client", PHONE) };
    for (const page of [hub, owner, ...Object.values(portals)]) await mark(page);
    for (const [device, portal] of Object.entries(portals)) {
        await tell({ hub, owner, portal, operator, client }, device);
        console.log(`the story is told with the portal on the ${device}`);
    }
});
closeInput();
