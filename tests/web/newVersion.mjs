// Deploys a new version of the app while a page is open: the page says so, still opens its other parts, and the new version
// takes over with a network and without.
import assert from "node:assert/strict";
import { url } from "./api.mjs";
import { assertLive, eventually, goTo, openWindow, PHONE, shows, withBrowser } from "./browser.mjs";
import { isNextVersion, startVersions } from "./versions.mjs";

/** Returns the states of the workers: the one that waits for the pages of the version before, and the one in use. */
const workers = (page) =>
    page.evaluate(async () => {
        const { waiting, active } = await navigator.serviceWorker.ready;
        return { waiting: waiting?.state, active: active?.state };
    });

const storedPaths = (page) =>
    page.evaluate(async () => (await (await caches.open("app")).keys()).map((request) => new URL(request.url).pathname));

/** Fails unless the page shows its own content, and not only the mark that it shows while it loads. */
async function assertShown(page, isNext, when) {
    await shows(page.getByRole("heading", { name: /^Bonjour/ }), `the home page ${when}`);
    assert.equal(await isNextVersion(page), isNext, `the version ${when}`);
}

async function check(browser, server) {
    const page = await openWindow(browser, "client", { ...PHONE, baseUrl: server.url });
    await eventually(async () => assert.deepEqual(await workers(page), { waiting: undefined, active: "activated" }));
    await assertShown(page, false, "of the first version");

    server.deployNext();
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await shows(page.getByText("Une nouvelle version est prête."), "that a new version is ready");
    assert.equal((await workers(page)).waiting, "installed", "the new version waits for the open page");
    await goTo(page, "Factures");
    await shows(page.getByRole("heading", { name: "Devis et factures" }), "a part of the version before that was not loaded yet");
    await goTo(page, "Accueil");

    server.cut();
    await page.reload();
    await assertShown(page, true, "without a network, while the worker of the version before is in use");
    server.restore();
    await assertLive(page);
    await page.reload();
    await assertShown(page, true, "with a network");

    // When no page of the version before is open, its files are deleted.
    await page.goto("about:blank");
    await page.goto(server.url);
    await assertLive(page);
    await eventually(async () => {
        assert.equal((await workers(page)).waiting, undefined, "the worker of the version before is still in use");
        const styles = (await storedPaths(page)).filter((path) => /\/(AuditPage-|version-2).*\.css$/.test(path));
        assert.deepEqual(styles, ["/assets/version-2.css"], "the styles that are stored");
    });
    server.cut();
    await page.reload();
    await assertShown(page, true, "without a network, after it has taken over");
}

const server = await startVersions(url);
await withBrowser((browser) => check(browser, server)).finally(() => server.close());
console.log("a new version takes over without a blank page");
