// Opens the query editor as a newcomer would: signs in, runs a query, subscribes, and receives an event.
//
//     URL=http://127.0.0.1:4000 EMAIL=… PASSWORD=… node check.mjs
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { photograph, signIn, url, withBrowser } from "./browser.mjs";

/** The installed packages must be those that the page names, or the browser would be shown something else. */
async function checkHashes() {
    const html = await (await fetch(`${url}/graphiql`)).text();
    const tags = [...html.matchAll(/(?:src|href)="([^"]+)" integrity="sha384-([^"]+)"/g)];
    assert.equal(tags.length, 4, "the editor's files");
    for (const [, address, expected] of tags) {
        // `/graphiql/PACKAGE/FILE` of this server, or `https://…/npm/PACKAGE@VERSION/FILE`.
        const path = address.replace(/^(\/graphiql|https:.*\/npm)\//, "").replace(/^([^/]+)@[^/]+/, "$1");
        const bytes = await readFile(new URL(`node_modules/${path}`, import.meta.url));
        assert.equal(createHash("sha384").update(bytes).digest("base64"), expected, path);
    }
}

async function graphql(page, query) {
    // Within the page, because it has the token.
    return page.evaluate(async (query) => {
        const headers = {
            "Content-Type": "application/json",
            Authorization: `Bearer ${sessionStorage.getItem("dossier-token")}`,
        };
        const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query }) });
        return response.json();
    }, query);
}

/** Runs what a tab offers to begin with. */
async function run(page, tab) {
    await page.getByRole("tab", { name: tab }).click();
    // The editor parses the operations of a tab after a delay. Until then, it would run those of the previous tab.
    await page.waitForTimeout(1_500);
    await page.getByRole("button", { name: /Execute query/ }).click();
}

/** Waits until the right-hand side shows this. */
async function answer(page, expected) {
    const shown = page.locator(".result-window").getByText(expected).first();
    await shown.waitFor({ timeout: 10_000 }).catch(async (error) => {
        const text = await page.locator(".result-window").innerText();
        throw new Error(`expected ${expected}, the editor shows ${text}`, { cause: error });
    });
}

async function checkEditor(page) {
    await page.goto(`${url}/graphiql`);
    await signIn(page);
    await page.getByRole("button", { name: "Sign out" }).waitFor();

    const { data } = await graphql(page, "{ viewer { displayName } }");
    await run(page, "FirstLook");
    await answer(page, data.viewer.displayName);

    await run(page, "Live");
    await page.getByRole("button", { name: /Stop query/ }).waitFor();
    // A subscription gets no events before the server has accepted it.
    await page.waitForTimeout(1_000);
    await graphql(page, 'mutation { createClient(input: { name: "From the editor", track: ONE }) { client { id } } }');
    await answer(page, "From the editor");
    await photograph(page, "subscription");
}

await checkHashes();
await withBrowser(async (browser) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const problems = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("request", (request) => request.url().startsWith(url) || problems.push(`${request.url()} was asked for`));
    await checkEditor(page);
    assert.deepEqual(problems, []);
});
