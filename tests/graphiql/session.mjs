// Ends the session without the query editor, and then the server. The page must handle both.
import assert from "node:assert/strict";
import { says, signIn, url, withBrowser } from "./browser.mjs";

const token = (page) => page.evaluate(() => sessionStorage.getItem("dossier-token"));
const signOut = (page) => page.getByRole("button", { name: "Sign out" }).click();

async function assertSignedOut(page, message) {
    await says(page, message);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Sign out" }).isVisible(), false);
    assert.equal(await token(page), null);
}

async function signedIn(page) {
    await signIn(page);
    await page.getByRole("button", { name: "Sign out" }).waitFor();
}

/** Signs out somewhere else with the same token. */
async function endSession(page) {
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${await token(page)}` };
    const body = JSON.stringify({ query: "mutation { signOut { signedOut } }" });
    const answer = await (await fetch(`${url}/graphql`, { method: "POST", headers, body })).json();
    assert.equal(answer.data.signOut.signedOut, true);
}

async function checkDeadToken(page) {
    await signedIn(page);
    await endSession(page);
    await signOut(page);
    await assertSignedOut(page, "Signed out. The session had already ended.");

    await signedIn(page);
    await endSession(page);
    await page.reload();
    await assertSignedOut(page, "Your session has ended. Please sign in again.");

    await page.evaluate(() => sessionStorage.setItem("dossier-token", "no token at all"));
    await page.reload();
    await assertSignedOut(page, "Your session has ended. Please sign in again.");
}

async function checkServerAway(page) {
    const api = `${url}/graphql`;
    await signedIn(page);
    const kept = await token(page);
    await page.route(api, (route) => route.abort("connectionrefused"));
    await page.reload();
    await says(page, "The server does not answer.");
    assert.equal(await token(page), kept, "a server that is away says nothing about the token");
    await signOut(page);
    await assertSignedOut(page, /^Signed out in this tab only\. .*The server does not answer\.$/);

    await page.unroute(api);
    await signedIn(page);
    const gateway = { status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" };
    await page.route(api, (route) => route.fulfill(gateway));
    await signOut(page);
    await assertSignedOut(page, /^Signed out in this tab only\. .*status 502/);
    await page.unroute(api);
}

await withBrowser(async (browser) => {
    const page = await browser.newPage();
    await page.goto(`${url}/graphiql`);
    await checkDeadToken(page);
    await checkServerAway(page);
    await signedIn(page);
    await signOut(page);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    assert.equal(await page.locator("#problem").innerText(), "");
});
