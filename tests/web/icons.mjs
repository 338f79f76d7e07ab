// Draws the icons of the installed app from `icon.svg`. Run it by hand after the drawing has changed:
//
//   node tests/web/icons.mjs
import { readFileSync } from "node:fs";
import { withBrowser } from "./browser.mjs";

const FOLDER = new URL("../../client-examples/web/public/", import.meta.url);
const SVG = readFileSync(new URL("icon.svg", FOLDER), "utf8");
/** Some systems cut off the corners, and up to a tenth of each side of a maskable icon. */
const SQUARE = SVG.replace(/ rx="\d+"/, "");
const ICONS = [
    { name: "icon-192", size: 192, svg: SVG },
    { name: "icon-512", size: 512, svg: SVG },
    { name: "icon-apple", size: 180, svg: SQUARE },
    { name: "icon-maskable", size: 512, svg: SQUARE.replace('viewBox="0 0 64 64"', 'viewBox="-6 -6 76 76"').replace("<rect", '<rect x="-6" y="-6"').replaceAll(/(<rect[^>]*) width="64" height="64"/g, '$1 width="76" height="76"') },
];

await withBrowser(async (browser) => {
    for (const { name, size, svg } of ICONS) {
        const page = await browser.newPage({ viewport: { width: size, height: size } });
        await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${svg}`);
        await page.screenshot({ path: new URL(`${name}.png`, FOLDER).pathname, omitBackground: true });
        await page.close();
    }
});
