// Decides requests by keyboard alone: three with single letters, and a fourth one with these shortcuts switched off.
import assert from "node:assert/strict";
import { dossierOf, mutate, signIn } from "./api.mjs";
import { eventually, hides, openWindow, shows, withBrowser } from "./browser.mjs";

const TITLES = ["Clavier un", "Clavier deux", "Clavier trois", "Clavier quatre"];
const NARROW = "Trop étroit pour une affiche.";
const LOGO = "Il manque le logo.";

const hasFocus = (locator) => locator.evaluate((element) => element === document.activeElement);

/** Presses Tab until an element has the focus. */
async function tabTo(page, locator, expected) {
    await shows(locator, expected);
    for (let presses = 0; presses < 120; presses++) {
        if (await hasFocus(locator)) return;
        await page.keyboard.press("Tab");
    }
    assert.fail(`120 presses of Tab do not reach ${expected}`);
}

const opened = (page, title) => shows(page.getByRole("heading", { level: 2, name: title }), `the opened request “${title}”`);

async function giveReason(page, label, reason) {
    const field = page.getByRole("textbox", { name: label });
    await shows(field, `the field “${label}”`);
    await eventually(async () => assert.ok(await hasFocus(field), `“${label}” does not get the focus`));
    await page.keyboard.type(reason);
    await page.keyboard.press("Control+Enter");
}

/** Opens the first of the three requests, and decides each of them. */
async function decideWithLetters(page) {
    const [one, two, three] = TITLES;
    await page.keyboard.press("/");
    await page.keyboard.type("Clavier");
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await opened(page, one);
    await page.keyboard.press("a");
    await opened(page, two);
    await page.keyboard.press("r");
    await giveReason(page, "Pourquoi ce refus ?", NARROW);
    await opened(page, three);
    await page.keyboard.press("c");
    await giveReason(page, "Que faut-il modifier ?", LOGO);
    await hides(page.getByRole("listitem").filter({ hasText: three }), `“${three}” in the queue`);
}

/** Goes to the account, and gives J to “N”. A key that another shortcut has is refused. */
async function changeKey(page) {
    await page.keyboard.press("?");
    await tabTo(page, page.getByRole("link", { name: "Changer les touches" }), "the link to the keys");
    await page.keyboard.press("Enter");
    const key = page.getByRole("button", { name: /^Touche pour « Demande suivante »/ });
    await tabTo(page, key, "the key of the next request");
    await page.keyboard.press("Enter");
    await page.keyboard.press("k");
    await shows(page.getByText("« Demande précédente » utilise déjà cette touche."), "that K is in use");
    await page.keyboard.press("n");
    await shows(page.getByRole("button", { name: "Touche pour « Demande suivante » : N" }), "the new key");
    await page.keyboard.press("g");
    await page.keyboard.press("v");
    await shows(page.getByText("Choisissez une demande, ou tapez N."), "the queue with the new key");
}

/** Switches the letters off. They do nothing then, and the buttons are reached with Tab. */
async function decideWithoutLetters(page) {
    const four = TITLES[3];
    await page.keyboard.press("?");
    await tabTo(page, page.getByRole("switch", { name: "Utiliser les lettres comme raccourcis" }), "the switch of the letters");
    await page.keyboard.press("Space");
    await page.keyboard.press("Escape");
    await hides(page.getByRole("dialog"), "the dialog");
    await tabTo(page, page.getByRole("link", { name: four }), `the row “${four}”`);
    await page.keyboard.press("Enter");
    await opened(page, four);
    await page.keyboard.press("a");
    const approve = page.getByRole("button", { name: /^Approuver/ });
    await tabTo(page, approve, "the button “Approuver”");
    assert.ok(await page.getByRole("heading", { level: 2, name: four }).isVisible(), "the letter A still decides");
    await page.keyboard.press("Enter");
    await hides(page.getByRole("listitem").filter({ hasText: four }), `“${four}” in the queue`);
}

await withBrowser(async (browser) => {
    const [operator, client] = [await signIn("operator"), await signIn("client")];
    const { id: clientId } = await dossierOf(client);
    const submit = (title) => mutate(client, "submitValidationRequest", { clientId, title }, "validationRequest { id }");
    const submitted = [];
    for (const title of TITLES.slice(0, 3)) submitted.push(await submit(title));
    const page = await openWindow(browser, "operator");
    await shows(page.getByRole("link", { name: TITLES[2] }), `“${TITLES[2]}” in the queue`);
    await decideWithLetters(page);
    submitted.push(await submit(TITLES[3]));
    await changeKey(page);
    await decideWithoutLetters(page);

    const expected = [
        ["APPROVED", null],
        ["REJECTED", NARROW],
        ["CHANGES_REQUESTED", LOGO],
        ["APPROVED", null],
    ];
    const query = `query ($id: ID!) { node(id: $id) { ... on ValidationRequest { status decisionReason } } }`;
    await eventually(async () => {
        const nodes = await Promise.all(submitted.map(({ validationRequest }) => operator(query, validationRequest)));
        const decided = nodes.map(({ node }) => [node.status, node.decisionReason]);
        assert.deepEqual(decided, expected, "the server has other decisions than those of the keyboard");
    });
});
