// Checks every page of both faces for accessibility, in both colour schemes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { url } from "./api.mjs";
import { DESKTOP, newPage, openWindow, PHONE, withBrowser } from "./browser.mjs";
import { pagesOf, settle } from "./routes.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The rules of WCAG 2.2 AA, and good practice beyond them. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violationsOf(page, isPhone) {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(
        ({ tags, isPhone }) =>
            // pdf.js measures on this canvas, which is never shown.
            axe.run({ exclude: [".hiddenCanvasElement"] }, {
                runOnly: { type: "tag", values: tags },
                // On a phone, the opened page covers the list with the heading of level 1.
                rules: { "page-has-heading-one": { enabled: !isPhone } },
            }),
        { tags: TAGS, isPhone },
    );
    const describe = (id, { target, failureSummary }) => `${id} at ${target}: ${failureSummary.replaceAll(/\s+/g, " ")}`;
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => describe(id, node)));
}

/** Checks the pages of a person in a window. Returns the faults. */
async function checkPages(browser, pages, role, { isMobile = false, ...options }) {
    const context = { isMobile, ...options };
    const page = role ? await openWindow(browser, role, context) : await newPage(browser, context);
    const faults = [];
    for (const { path, address } of pages.filter((each) => each.role === role)) {
        await page.goto(url + address);
        await settle(page);
        const violations = await violationsOf(page, isMobile);
        const window = `${options.colorScheme}, ${isMobile ? "phone" : "desktop"}`;
        faults.push(...violations.map((fault) => `${path}, ${window}: ${fault}`));
    }
    await page.context().close();
    return faults;
}

await withBrowser(async (browser) => {
    const pages = await pagesOf(browser);
    const faults = [];
    for (const colorScheme of ["light", "dark"]) {
        for (const options of [DESKTOP, PHONE]) {
            for (const role of [null, "owner", "client"]) {
                faults.push(...(await checkPages(browser, pages, role, { ...options, colorScheme })));
            }
        }
    }
    assert.equal(faults.length, 0, `axe finds ${faults.length} faults:\n${faults.join("\n")}`);
    console.log(`axe finds nothing on ${pages.length} pages`);
});
