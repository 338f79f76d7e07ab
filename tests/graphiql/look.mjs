// Opens the query editor in windows of three widths and in both colour schemes, and measures whether it is usable.
import {
    assertFits,
    assertReadable,
    assertSize,
    nameOf,
    photograph,
    says,
    signIn,
    url,
    WINDOWS,
    withBrowser,
} from "./browser.mjs";

const HEADER = ["header strong", "header input", "header button", "#problem", "#viewer"];
const TEXTS = ["header strong", "header input", "header input::placeholder", "header button", "#problem"];
const PANES = [".graphiql-editors", ".result-window"];

async function assertUsable(page) {
    await assertFits(page, [...HEADER, ".graphiql-sidebar button", ...PANES]);
    await assertSize(page, ".graphiql-query-editor", { width: 300, height: 150 });
    await assertSize(page, ".result-window", { width: 300, height: 200 });
}

async function checkWindow(browser, window) {
    const context = await browser.newContext(window);
    const page = await context.newPage();
    await page.goto(`${url}/graphiql`);
    await page.getByRole("button", { name: /Execute query/ }).click();
    await page.locator(".result-window").getByText("UNAUTHENTICATED").waitFor();
    await signIn(page, "not the password");
    await says(page, "The email address or the password is wrong.");
    await photograph(page, `${nameOf(window)}-refused`);
    await assertUsable(page);
    await assertReadable(page, TEXTS);

    await signIn(page);
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    await assertReadable(page, ["#viewer"]);
    await assertUsable(page);
    await checkPlugins(page, window);
    await context.close();
}

/** With the documentation open, and with the settings. */
async function checkPlugins(page, window) {
    await page.getByRole("button", { name: /Documentation Explorer/ }).click();
    await page.locator(".graphiql-plugin").getByText("Root Types").waitFor();
    await photograph(page, `${nameOf(window)}-documentation`);
    await assertFits(page, [".graphiql-plugin", ...PANES]);
    await assertSize(page, ".graphiql-plugin", { width: 200, height: 300 });
    if (await page.locator(".result-window").isVisible()) await assertUsable(page);

    await page.getByRole("button", { name: /settings/i }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await photograph(page, `${nameOf(window)}-settings`);
    await assertFits(page, [".graphiql-dialog", ".graphiql-dialog button"]);
    const opposite = window.colorScheme === "light" ? "Dark" : "Light";
    await dialog.getByRole("button", { name: opposite }).click();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await photograph(page, `${nameOf(window)}-chosen-theme`);
    await assertReadable(page, ["header strong", "header button", "#viewer"]);
}

await withBrowser(async (browser) => {
    for (const window of WINDOWS) await checkWindow(browser, window);
});
