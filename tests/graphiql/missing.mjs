// Opens the query editor of a server without the editor's files, while the public network fails, too.
import assert from "node:assert/strict";
import { assertFits, assertReadable, nameOf, photograph, url, WINDOWS, withBrowser } from "./browser.mjs";

const { COMMAND } = process.env;
const PUBLIC = /^https:/;
const FILES = ["graphiql.min.css", "react.production.min.js", "react-dom.production.min.js", "graphiql.min.js"];

/** What a network without access to the files may do. */
const NETWORKS = {
    refuses: (route) => route.abort("connectionrefused"),
    // As a gateway that answers all requests with its own page.
    answers: (route) =>
        route.fulfill({ body: "<h1>Sign in to this network</h1>", headers: { "Access-Control-Allow-Origin": "*" } }),
    // The request is never answered.
    hangs: () => {},
};

async function assertSaysWhatIsMissing(page) {
    const missing = page.locator("#missing");
    await missing.waitFor();
    assert.equal(await page.locator("#editor").isVisible(), false, "the page still says that it is loading");
    assert.equal(await missing.locator("pre").innerText(), COMMAND);
    const files = await missing.locator("li").allInnerTexts();
    for (const file of FILES) {
        assert.ok(files.some((url) => PUBLIC.test(url) && url.endsWith(file)), `${file} is not in ${files}`);
    }
}

async function checkNetwork(browser, window, [name, behave]) {
    const context = await browser.newContext(window);
    await context.route(PUBLIC, behave);
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`${url}/graphiql`, { waitUntil: "domcontentloaded" });
    if (name === "hangs") {
        await page.getByText("Loading the query editor…").waitFor();
        await page.clock.fastForward("01:00");
    }
    await assertSaysWhatIsMissing(page);
    await assertFits(page, ["#missing *"]);
    // A page that still loads gives no screenshot.
    if (name !== "hangs") {
        await photograph(page, `${nameOf(window)}-missing`);
        await assertReadable(page, ["h1", "p", "li", "pre"].map((element) => `#missing ${element}`));
    }
    // A waiting route would keep the context open.
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
}

await withBrowser(async (browser) => {
    const networks = Object.entries(NETWORKS);
    for (const window of WINDOWS) await checkNetwork(browser, window, networks[0]);
    for (const network of networks.slice(1)) await checkNetwork(browser, WINDOWS[0], network);
});
