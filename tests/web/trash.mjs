// A document is deleted, restored, deleted, held and purged, in two windows of the hub.
import assert from "node:assert/strict";
import { dossierOf, mutate, signIn, upload, url } from "./api.mjs";
import { hides, openWindow, photograph, shows, withBrowser } from "./browser.mjs";

const NAME = "Ancien plan.txt";
const TRASH = "query ($clientId: ID!) { deletedDocuments(first: 100, filter: { clientId: $clientId }) { nodes { name } } }";

const row = (page) => page.getByRole("listitem").filter({ hasText: NAME });

async function deleteFile(page) {
    await page.getByRole("button", { name: `Actions pour ${NAME}` }).click();
    await page.getByRole("menuitem", { name: "Supprimer" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Supprimer" }).click();
    await hides(row(page), "the deleted file");
}

await withBrowser(async (browser) => {
    const [owner, operator, client] = [await signIn("owner"), await signIn("operator"), await signIn("client")];
    const { id: clientId } = await dossierOf(client);
    await upload(operator, { clientId, zone: "DOCUMENTS", name: NAME, bytes: "Plan" });
    const [files, trash] = [await openWindow(browser, "operator"), await openWindow(browser, "owner")];
    await files.goto(`${url}/dossiers/${clientId}/files/documents`);
    await trash.goto(`${url}/dossiers/${clientId}`);
    await trash.getByRole("link", { name: "Fichiers" }).click();
    await trash.getByRole("link", { name: "Corbeille" }).click();
    await shows(trash.getByText("La corbeille est vide."), "an empty trash");

    await deleteFile(files);
    await shows(row(trash).getByText(/supprimé par Olivier Marchand/), "who deleted the file");
    await row(trash).getByRole("button", { name: "Restaurer" }).click();
    await hides(row(trash), "the restored file in the trash");
    await shows(row(files), "the restored file");

    await deleteFile(files);
    await shows(row(trash), "the file that was deleted again");
    await mutate(owner, "setLegalHold", { id: clientId, reason: "Litige" }, "client { id }");
    await shows(row(trash).getByText("Conservé par le gel juridique : Litige"), "what stops the purge");
    await shows(trash.getByRole("banner").or(trash.getByRole("article")).getByText("Gel juridique", { exact: true }), "the mark of the hold");
    await photograph(trash, "trash");
    const purge = row(trash).getByRole("button", { name: "Effacer définitivement" });
    assert.equal(await purge.count(), 0, "a held document can be purged");
    await mutate(owner, "liftLegalHold", { id: clientId }, "client { id }");

    await purge.click();
    await trash.getByRole("dialog").getByRole("button", { name: "Effacer définitivement" }).click();
    await shows(trash.getByText("La corbeille est vide."), "an empty trash");
    assert.deepEqual((await operator(TRASH, { clientId })).deletedDocuments.nodes, [], "the server has the purged document in the trash");
    console.log("a document is deleted, restored and purged");
});
