// Takes a picture of every page at three widths in both colour schemes, for people to look at, and the two pictures of
// the README. It fails only if a page fails, stays busy, or is wider than its window.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { url } from "./api.mjs";
import { newPage, openWindow, photograph, withBrowser } from "./browser.mjs";
import { nameOf, pagesOf, settle } from "./routes.mjs";

const { SCREENSHOTS } = process.env;
const WIDTHS = { 360: 740, 820: 1180, 1440: 900 };
const MOST_BYTES = 150 * 1024;

async function assertFits(page) {
    const { scrollWidth, innerWidth } = await page.evaluate(() => ({
        scrollWidth: document.documentElement.scrollWidth,
        innerWidth,
    }));
    assert.ok(scrollWidth <= innerWidth, `${page.url()} is ${scrollWidth} px wide, its window ${innerWidth} px`);
}

/** Opens each page of a person once, and changes the window in it. */
async function photographPages(browser, pages, role) {
    const page = role ? await openWindow(browser, role) : await newPage(browser);
    for (const each of pages.filter((one) => one.role === role)) {
        await page.goto(url + each.address);
        for (const [width, height] of Object.entries(WIDTHS)) {
            await page.setViewportSize({ width: Number(width), height });
            for (const colorScheme of ["light", "dark"]) {
                await page.emulateMedia({ colorScheme });
                await settle(page);
                await assertFits(page);
                await photograph(page, `${nameOf(each)}-${width}-${colorScheme}`);
            }
        }
    }
    await page.context().close();
}

/** Takes a picture for the README. The sample is always the same, apart from times of today. */
async function photographForReadme(browser, role, name, { viewport, path }) {
    const page = await openWindow(browser, role, { viewport, colorScheme: "light" });
    await page.goto(url + path);
    await settle(page);
    await photograph(page, name);
    await page.context().close();
    if (!SCREENSHOTS) return;
    const { size } = statSync(`${SCREENSHOTS}/${name}.png`);
    assert.ok(size <= MOST_BYTES, `${name}.png has ${size} bytes, and at most ${MOST_BYTES} belong into the README`);
}

await withBrowser(async (browser) => {
    const pages = await pagesOf(browser);
    const { address } = pages.find(({ path }) => path === "/validation/$requestId");
    await photographForReadme(browser, "operator", "hub", { viewport: { width: 1200, height: 700 }, path: address });
    await photographForReadme(browser, "client", "portal", { viewport: { width: 390, height: 700 }, path: "/portal" });
    for (const role of [null, "owner", "client"]) await photographPages(browser, pages, role);
    console.log(`${pages.length} pages are photographed`);
});
