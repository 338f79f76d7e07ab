// Measures the first view of the hub and of the portal on a simulated phone of the middle range: a processor four times
// slower than this one, and the “Slow 4G” of Lighthouse. Nothing is in the browser's cache, and the person is signed in.
// Run it by hand, on a machine that does nothing else, against a server with the sample:
//
//   URL=http://127.0.0.1:4000 node tests/web/firstView.mjs
//
// It fails if the scripts are larger than their limit. Times depend on the machine, and are only printed.
import { personOf, url } from "./api.mjs";
import { newPage, PHONE, withBrowser } from "./browser.mjs";

const { RUNS = 3, CPU = 4 } = process.env;
/** 1.6 Mbit/s, and 150 ms to the server and back. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (750 * 1024) / 8 };
/** How long after the first view further files count, such as those of lazy parts. */
const AFTER = 2_500;
const MAX_SCRIPT = 250 * 1024;
const MAX_MILLISECONDS = 2_000;

const PAGES = [
    { role: "operator", path: "/validation", row: "[role=listitem] a" },
    { role: "client", path: "/portal", row: "main a[href*='/portal/']" },
];

/** Signs in without the app, so that none of its files are cached. */
async function signIn(context, role) {
    const { email } = await personOf(role);
    const response = await context.request.post(`${url}/sample/sign-in`, {
        data: { email },
        headers: { Origin: url, "Dossier-Session": "1" },
    });
    if (!response.ok()) throw new Error(`/sample/sign-in answers ${response.status()}`);
}

/** Collects what browsers report about paints and shifts. */
function observe() {
    window.measured = { lcp: 0, cls: 0 };
    new PerformanceObserver((list) => (window.measured.lcp = list.getEntries().at(-1).startTime)).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
        for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.measured.cls += value;
    }).observe({ type: "layout-shift", buffered: true });
}

/** Waits for the first row of the list, and returns when it appeared. */
const firstRow = (page, row) =>
    page.evaluate(
        (row) =>
            new Promise((resolve) => {
                const look = () => (document.querySelector(row) ? requestAnimationFrame(() => resolve(performance.now())) : requestAnimationFrame(look));
                look();
            }),
        row,
    );

async function measure(browser, { role, path, row }) {
    const page = await newPage(browser, { ...PHONE, serviceWorkers: "block" });
    await signIn(page.context(), role);
    await page.addInitScript(observe);
    const devtools = await page.context().newCDPSession(page);
    const files = new Map();
    const bytes = { Script: 0, Stylesheet: 0, Font: 0, all: 0, requests: 0 };
    devtools.on("Network.responseReceived", ({ requestId, type }) => files.set(requestId, type));
    devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
        const type = files.get(requestId);
        if (type in bytes) bytes[type] += encodedDataLength;
        bytes.all += encodedDataLength;
        bytes.requests++;
    });
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", NETWORK);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: Number(CPU) });
    await page.goto(url + path, { waitUntil: "commit" });
    const rows = await firstRow(page, row);
    const script = bytes.Script;
    await page.waitForTimeout(AFTER);
    const { lcp, cls, fcp } = await page.evaluate(() => ({
        ...window.measured,
        fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    }));
    await page.context().close();
    return { fcp, lcp, rows, cls, script, scriptAfter: bytes.Script, style: bytes.Stylesheet, font: bytes.Font, all: bytes.all, requests: bytes.requests };
}

const median = (runs, key) => runs.map((run) => run[key]).sort((a, b) => a - b)[Math.floor(runs.length / 2)];
const kilobytes = (count) => `${Math.round(count / 1024)} KB`;
const milliseconds = (time) => `${Math.round(time)} ms`;

await withBrowser(async (browser) => {
    for (const each of PAGES) {
        const runs = [];
        for (let run = 0; run < Number(RUNS); run++) runs.push(await measure(browser, each));
        const of = (key) => median(runs, key);
        const isLarge = of("scriptAfter") > MAX_SCRIPT;
        const isSlow = of("lcp") > MAX_MILLISECONDS;
        console.log(`${each.path}, median of ${runs.length}`);
        console.log(`  first paint ${milliseconds(of("fcp"))}, largest paint ${milliseconds(of("lcp"))}${isSlow ? " (over 2 s)" : ""}`);
        console.log(`  first row of the list ${milliseconds(of("rows"))}, layout shift ${of("cls").toFixed(3)}`);
        console.log(`  scripts ${kilobytes(of("script"))}, and with what loads right after ${kilobytes(of("scriptAfter"))}${isLarge ? " (over 250 KB)" : ""}`);
        console.log(`  styles ${kilobytes(of("style"))}, fonts ${kilobytes(of("font"))}, all ${kilobytes(of("all"))} in ${of("requests")} requests`);
        if (isLarge) process.exitCode = 1;
    }
});
