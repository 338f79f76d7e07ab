// Runs the session of docs/frontend.md in a browser. Needs session.js in the current folder, and access tokens that are
// valid for 16 seconds.
import assert from "node:assert/strict";
import { EMAIL, PASSWORD, url, withBrowser } from "../graphiql/browser.mjs";

/** Opens an empty page of the server that can import the session. */
async function open(context) {
    const page = await context.newPage();
    await page.route(`${url}/app`, (route) => route.fulfill({ contentType: "text/html", body: "<title>App</title>" }));
    await page.route(`${url}/session.js`, (route) => route.fulfill({ path: "session.js" }));
    await page.goto(`${url}/app`);
    return page;
}

/** Counts the renewals that a page requests. */
function renewals(page) {
    const counted = { count: 0, statuses: [] };
    page.on("request", (request) => (counted.count += Number(request.postData()?.includes("refreshSession") ?? 0)));
    page.on("response", (response) => counted.statuses.push(response.status()));
    return counted;
}

/** Sends three requests at once with the session of the page. */
const askThreeTimes = (page) =>
    page.evaluate(async () => {
        const headers = { "Content-Type": "application/json" };
        const body = JSON.stringify({ query: "{ viewer { displayName } }" });
        const send = async () => (await globalThis.session.fetch("/graphql", { method: "POST", headers, body })).json();
        const answers = await Promise.all([send(), send(), send()]);
        return answers.map(({ data }) => data.viewer.displayName);
    });

/** Begins a session with a cookie, and continues it after the page was loaded again. */
async function checkCookie(context) {
    let page = await open(context);
    await page.evaluate(
        async ({ email, password }) => {
            const { Session } = await import("/session.js");
            await new Session("", { cookie: true }).signIn(email, password);
        },
        { email: EMAIL, password: PASSWORD },
    );
    await page.close();
    page = await open(context);
    assert.equal(await page.evaluate(() => document.cookie), "");
    const counted = renewals(page);
    await page.evaluate(async () => {
        const { Session } = await import("/session.js");
        globalThis.session = new Session("", { cookie: true });
    });
    assert.deepEqual(await askThreeTimes(page), ["Olga", "Olga", "Olga"]);
    assert.equal(counted.count, 1, "requests share a renewal");
    return page;
}

/** Renews before the token expires, and after the server refused it because the clock of the device is slow. */
async function checkRenewal(page) {
    await page.waitForTimeout(12_000);
    let counted = renewals(page);
    assert.deepEqual(await askThreeTimes(page), ["Olga", "Olga", "Olga"]);
    assert.deepEqual(counted, { count: 1, statuses: [200, 200, 200, 200] });
    await page.evaluate(() => {
        const now = Date.now();
        Date.now = () => now;
    });
    await page.waitForTimeout(17_000);
    counted = renewals(page);
    assert.deepEqual(await askThreeTimes(page), ["Olga", "Olga", "Olga"]);
    assert.equal(counted.count, 1);
    assert.deepEqual(counted.statuses.sort(), [200, 200, 200, 200, 401, 401, 401]);
}

/** Without a cookie, the person must sign in. */
async function checkStranger(context) {
    const page = await open(context);
    const name = await page.evaluate(async () => {
        const { Session, SignInRequired } = await import("/session.js");
        return new Session("", { cookie: true }).renew().catch((error) => error instanceof SignInRequired);
    });
    assert.equal(name, true);
}

/** A stored refresh token continues a session without a cookie. */
async function checkStored(context) {
    const page = await open(context);
    const stored = await page.evaluate(
        async ({ email, password }) => {
            const { Session } = await import("/session.js");
            const stored = [];
            const save = (token) => stored.push(token);
            await new Session("", { save }).signIn(email, password);
            globalThis.session = new Session("", { refreshToken: stored[0], save });
            await globalThis.session.token();
            return stored;
        },
        { email: EMAIL, password: PASSWORD },
    );
    assert.equal(new Set(stored).size, 2);
    assert.deepEqual(await askThreeTimes(page), ["Olga", "Olga", "Olga"]);
}

await withBrowser(async (browser) => {
    await checkStranger(await browser.newContext());
    await checkStored(await browser.newContext());
    await checkRenewal(await checkCookie(await browser.newContext()));
});
