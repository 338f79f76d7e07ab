// The common parts of the checks of the query editor: a browser, a sign-in, and measurements of a page.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

export const { URL: url = "http://127.0.0.1:4000", EMAIL, PASSWORD, SCREENSHOTS } = process.env;

/** Runs a check with a browser, and closes it in any case. */
export async function withBrowser(check) {
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
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
    } finally {
        await browser.close();
    }
}

/** The three widths, in both colour schemes. */
export const WINDOWS = [
    { width: 390, height: 844 },
    { width: 820, height: 1180 },
    { width: 1440, height: 900 },
].flatMap((viewport) => ["light", "dark"].map((colorScheme) => ({ viewport, colorScheme })));

/** A name for a window, such as `390-dark`. */
export function nameOf({ viewport, colorScheme }) {
    return `${viewport.width}-${colorScheme}`;
}

export async function signIn(page, password = PASSWORD) {
    await page.getByLabel("Email").fill(EMAIL);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
}

/** Waits until the header says this. */
export async function says(page, expected) {
    await page.locator("#problem").getByText(expected).waitFor({ timeout: 10_000 });
}

/** Saves a picture for people to look at; nothing compares it. */
export async function photograph(page, name) {
    if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
}

/** Fails if the page is wider than its window, or an element reaches out of it. */
export async function assertFits(page, selectors) {
    const { scrollWidth, innerWidth } = await page.evaluate(() => ({
        scrollWidth: document.documentElement.scrollWidth,
        innerWidth,
    }));
    assert.ok(scrollWidth <= innerWidth, `the page is ${scrollWidth} px wide, its window ${innerWidth} px`);
    for (const { selector, box } of (await Promise.all(selectors.map((each) => shown(page, each)))).flat()) {
        const [x, , width] = box;
        assert.ok(x >= 0 && x + width <= innerWidth, `${selector} is from ${x} to ${x + width} of ${innerWidth} px`);
    }
}

/** Fails if an element is smaller than this, in pixels. */
export async function assertSize(page, selector, least) {
    const box = await page.locator(selector).boundingBox();
    assert.ok(box.width >= least.width && box.height >= least.height, `${selector} is ${box.width} × ${box.height} px`);
}

/** Fails if a text is hard to read: WCAG 2 asks for a contrast of at least 4.5. */
export async function assertReadable(page, selectors) {
    const found = await Promise.all(selectors.map((selector) => shown(page, selector)));
    found.forEach((elements, at) => assert.ok(elements.length > 0, `${selectors[at]} is not shown`));
    const texts = found.flat();
    const backgrounds = await commonColours(page, await page.screenshot(), texts);
    texts.forEach(({ selector, colour }, at) => {
        const ratio = contrast(colour, backgrounds[at]);
        assert.ok(ratio >= 4.5, `${selector}: ${colour} on ${backgrounds[at]} has a contrast of ${ratio.toFixed(2)}`);
    });
}

/** The elements that are shown, with their places. The colour is that of `::placeholder` if the selector ends so. */
async function shown(page, selector) {
    const [path, pseudo] = selector.split("::");
    const elements = await page.locator(path).evaluateAll((elements, pseudo) => {
        const shown = elements.filter((element) => element.checkVisibility());
        return shown.map((element) => {
            const { x, y, width, height } = element.getBoundingClientRect();
            const { color } = getComputedStyle(element, pseudo && `::${pseudo}`);
            const [, channels] = color.match(/^rgba?\((.+)\)$/);
            return { box: [x, y, width, height].map(Math.round), colour: channels.split(",").map(Number) };
        });
    }, pseudo);
    return elements.map((element) => ({ selector, ...element }));
}

/** The colours that most pixels of these parts of a picture have: those of the backgrounds, as they are rendered. */
async function commonColours(page, png, texts) {
    const decoder = await page.context().newPage();
    const colours = await decoder.evaluate(
        async ({ base64, boxes }) => {
            const image = new Image();
            image.src = `data:image/png;base64,${base64}`;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
            canvas.drawImage(image, 0, 0);
            return boxes.map((box) => {
                const [, y, , height] = box;
                if (y < 0 || y + height > image.height) throw new Error(`the picture does not have ${box}`);
                const pixels = canvas.getImageData(...box).data;
                const counts = new Map();
                for (let at = 0; at < pixels.length; at += 4) {
                    const colour = pixels.slice(at, at + 3).join();
                    counts.set(colour, (counts.get(colour) ?? 0) + 1);
                }
                const [common] = [...counts].reduce((most, next) => (next[1] > most[1] ? next : most));
                return common.split(",").map(Number);
            });
        },
        { base64: png.toString("base64"), boxes: texts.map(({ box }) => box) },
    );
    await decoder.close();
    return colours;
}

function contrast(one, other) {
    const [dark, light] = [one, other].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
}

/** The relative luminance of a colour, as WCAG 2 defines it. */
function luminance(colour) {
    const [red, green, blue] = colour.map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
