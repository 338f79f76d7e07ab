// The pages of the app, as its own router names them, with an address for each. They need the data of the sample.
import assert from "node:assert/strict";
import { mutate, signIn, upload, url } from "./api.mjs";
import { eventually, newPage, shows } from "./browser.mjs";

/** The pages of people who are not signed in. Other pages below `/portal` are the client's, and the rest the owner's. */
const PUBLIC = ["/reset-password", "/confirm-email", "/invitation"];

/** An object for each parameter of a path: one that has as much to show as possible. */
const HUB = `{
    validationRequests(first: 50, filter: { status: [PENDING] }) { nodes { id documentVersion { id } } }
    documents(first: 100, filter: { zone: [DOCUMENTS] }) { nodes { id client { id } } }
    invoices(first: 50, filter: { status: [PARTIALLY_PAID] }) { nodes { id } }
    quotes(first: 50, filter: { status: [ACCEPTED] }) { nodes { id } }
    creditNotes(first: 1) { nodes { id } }
    conversations(first: 1) { nodes { id } }
    members(first: 1) { nodes { id } }
}`;
const PORTAL = `{
    validationRequests(first: 1) { nodes { id } }
    documents(first: 1) { nodes { id } }
    invoices(first: 1) { nodes { id } }
    quotes(first: 1) { nodes { id } }
    creditNotes(first: 1) { nodes { id } }
    conversations(first: 1) { nodes { id } }
}`;

/** Issues a credit note for the client, who has none in the sample. */
async function issueCreditNote(client) {
    const owner = await signIn("owner");
    const { creditNotes, invoices } = await client(PORTAL);
    if (creditNotes.nodes.length > 0) return;
    const lines = [{ description: "Remise", unitPrice: "120", vatRate: "20" }];
    const input = { invoiceId: invoices.nodes[0].id, lines };
    const { creditNote } = await mutate(owner, "createCreditNote", input, "creditNote { id }");
    await mutate(owner, "issueCreditNote", { id: creditNote.id });
}

/** Puts a document into the trash of a dossier, and holds it there. */
async function fillTrash(owner, clientId) {
    const { documentId: id } = await upload(owner, { clientId, zone: "DOCUMENTS", name: "Ancien plan.txt", bytes: "Ancien plan" });
    await mutate(owner, "deleteDocument", { id }, "deletedId");
    await mutate(owner, "setLegalHold", { id: clientId, reason: "Litige avec un fournisseur" }, "client { id }");
}

async function parametersOf(role) {
    const person = await signIn(role);
    if (role === "client") await issueCreditNote(person);
    const lists = await person(role === "client" ? PORTAL : HUB);
    const [document] = lists.documents.nodes;
    if (role === "owner") await fillTrash(person, document.client.id);
    const about = lists.validationRequests.nodes.find(({ documentVersion }) => documentVersion);
    return {
        zone: "documents",
        clientId: document?.client?.id,
        documentId: document?.id,
        requestId: (about ?? lists.validationRequests.nodes[0])?.id,
        invoiceId: lists.invoices.nodes[0]?.id,
        quoteId: lists.quotes.nodes[0]?.id,
        creditNoteId: lists.creditNotes.nodes[0]?.id,
        conversationId: lists.conversations.nodes[0]?.id,
        memberId: lists.members?.nodes[0]?.id,
    };
}

/** Returns the paths of the router, such as `/validation/$requestId`. */
export async function pathsOf(browser) {
    const page = await newPage(browser);
    await page.goto(url);
    await page.waitForFunction(() => window.__TSR_ROUTER__);
    const paths = await page.evaluate(() => Object.keys(window.__TSR_ROUTER__.routesByPath));
    await page.context().close();
    return [...new Set(paths.map((path) => path.replace(/(.)\/$/, "$1")))].filter((path) => path !== "/").sort();
}

/**
 * Returns each page with the role that opens it, its name and its address. It fails on a page with a parameter that it
 * does not know, so that new pages are covered or the check fails.
 */
export async function pagesOf(browser) {
    const parameters = { owner: await parametersOf("owner"), client: await parametersOf("client") };
    const pages = (await pathsOf(browser)).map((path) => {
        const role = PUBLIC.includes(path) ? null : path.startsWith("/portal") ? "client" : "owner";
        const address = path.replace(/\$(\w+)/g, (_, name) => {
            const value = parameters[role]?.[name];
            assert.ok(value, `the ${role} has no ${name} for the page ${path}: add it to routes.mjs`);
            return value;
        });
        return { role, path, address };
    });
    return [{ role: null, path: "/", address: "/" }, ...pages, { role: "owner", path: "/missing", address: "/missing" }];
}

/** The name of a page in file names, such as `dossiers-clientId`. */
export const nameOf = ({ path }) => path.slice(1).replaceAll(/[/$]+/g, "-") || "sign-in";

/** Waits until a page has loaded: it has a heading, and nothing of it is busy. */
export async function settle(page) {
    await shows(page.locator("h1, h2"), "a heading");
    await eventually(async () => {
        const busy = await page.locator("[aria-busy=true]").count();
        assert.equal(busy, 0, `${page.url()} stays busy`);
    });
    const alerts = await page.getByRole("alert").allInnerTexts();
    assert.deepEqual(alerts, [], `${page.url()} shows an error`);
    await page.waitForLoadState("networkidle");
    await page.evaluate(() => document.fonts.ready);
}
