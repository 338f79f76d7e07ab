// The common parts of the checks of the hub and the portal: the windows of two people, and what they show.
//
// A check is a Node script. A test in Rust starts the server, and runs the script with these variables:
//
//   URL          the address of the server, which serves the built app at `/`
//   PEOPLE       the people as JSON, by role: {"owner": {"email", "password"}, "operator": …, "client": …}.
//                Without it, the people of the sample sign in with one click.
//                The checks of all pages need the sample, and a server with high RATE_POINTS and RATE_OPERATIONS.
//   SCREENSHOTS  a folder for pictures, which people look at
//
// A script that needs a crash writes the line `RESTART` to its output. The test kills the server with `kill -9`, starts
// it again on the same port and the same data, and then writes the line `restarted` to the script's input.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { personOf, PEOPLE, url } from "./api.mjs";

const { CHROMIUM = "/usr/bin/chromium", SCREENSHOTS } = process.env;

/** How long a change may take until a window shows it. It is long, because machines that run tests are busy. */
export const PATIENCE = 60_000;

/** Runs a check with a browser, and closes it in any case. */
export async function withBrowser(check) {
    const browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    });
    try {
        await check(browser);
    } catch (error) {
        await reportPages(browser);
        throw error;
    } finally {
        await browser.close();
    }
}

/** Writes what each page shows. */
async function reportPages(browser) {
    for (const [index, page] of browser.contexts().flatMap((context) => context.pages()).entries()) {
        await photograph(page, `failed-${index}`);
        console.error(`${page.url()} shows:\n${await page.locator("body").innerText()}\n`);
    }
}

export const DESKTOP = { viewport: { width: 1440, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Opens the page of somebody who is not signed in. Errors of the page fail the check. */
export async function newPage(browser, options = DESKTOP) {
    const context = await browser.newContext({
        locale: "fr-FR",
        timezoneId: "Europe/Paris",
        reducedMotion: "reduce",
        acceptDownloads: true,
        ...options,
    });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    page.on("pageerror", (error) => {
        throw new Error(`the page ${page.url()} failed: ${error.stack}`);
    });
    return page;
}

/** Opens a window, and signs a person in as they do it themselves. `role` is a key of `PEOPLE`. */
export async function openWindow(browser, role, { baseUrl = url, ...options } = DESKTOP) {
    const page = await newPage(browser, options);
    await page.goto(baseUrl);
    const person = await personOf(role);
    if (PEOPLE) {
        await page.getByLabel("Adresse e-mail").fill(person.email);
        await page.getByRole("button", { name: "Continuer" }).click();
        await page.getByLabel("Mot de passe", { exact: true }).fill(person.password);
        await page.getByRole("button", { name: "Se connecter" }).click();
    } else {
        await page.getByRole("button", { name: `Entrer comme ${person.name.split(" ")[0]}` }).click();
    }
    // Lists hold new rows back while the pointer is over them.
    await page.mouse.move(0, 0);
    await assertLive(page);
    return page;
}

/** Waits until the page says that it is connected. */
export async function assertLive(page) {
    const live = /^(En direct|Rien de manqué|\d+ évènements? rattrapés?)$/;
    await shows(page.getByRole("status").getByText(live), "a live connection");
}

/** Opens a page by its link in the bar of the hub or the portal. */
export const goTo = (page, name) => page.getByRole("navigation").first().getByRole("link", { name }).click();

/** Waits until an element is shown. Otherwise it fails with what was expected. `withBrowser` adds what is shown. */
export async function shows(locator, expected, timeout = PATIENCE) {
    await locator
        .filter({ visible: true })
        .first()
        .waitFor({ timeout })
        .catch(async (error) => {
            if (error.name !== "TimeoutError") throw error;
            assert.fail(`${locator.page().url()} does not show ${expected}`);
        });
}

/** Waits until an element is no longer shown. */
export async function hides(locator, expected, timeout = PATIENCE) {
    await locator.waitFor({ state: "hidden", timeout }).catch(async (error) => {
        if (error.name !== "TimeoutError") throw error;
        assert.fail(`${locator.page().url()} still shows ${expected}`);
    });
}

/** Repeats a comparison until it holds. It fails with the last difference. */
export async function eventually(compare, timeout = PATIENCE) {
    const end = Date.now() + timeout;
    for (;;) {
        try {
            return await compare();
        } catch (error) {
            if (Date.now() > end) throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

let input;

/** Has the server killed and started again. */
export async function restartServer() {
    input ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    console.log("RESTART");
    const { value } = await input.next();
    assert.equal(value, "restarted", "the test did not restart the server");
}

/** Ends the input, so that the process can end. */
export const closeInput = () => process.stdin.destroy();

/** Marks a page. The mark is lost if the page is loaded again. */
export const mark = (page) => page.evaluate(() => (window.checkMark = true));

/** Fails if a page was loaded again since it was marked. */
export async function assertNotReloaded(page) {
    assert.ok(await page.evaluate(() => window.checkMark), `${page.url()} was loaded again, and must not need it`);
}

/** Saves a picture for people to look at; nothing compares it. */
export async function photograph(page, name, options) {
    if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, ...options });
}
