// Uses the portal of docs/tutorial.md in a browser while the agency answers. Needs these variables:
//
//   URL     the address of the server, which serves the built portal at `/`
//   DEV     the address of the development server
//   PEOPLE  the people of the sample as JSON: {"client": {"email", "password"}, "operator": …}
//
// The access tokens of the server must be valid for 10 seconds.
import assert from "node:assert/strict";
import { mutate, PEOPLE, signIn, url } from "../web/api.mjs";
import { assertNotReloaded, DESKTOP, eventually, mark, newPage, photograph, shows, withBrowser } from "../web/browser.mjs";
import { startProxy } from "../web/proxy.mjs";

const { client } = PEOPLE;
const LIFETIME = 10_000;

/** Sends an operation of the agency, with a new token. */
const agency = async (name, input) => mutate(await signIn("operator"), name, input);

/** Opens the portal, and signs Julien in. `sockets` are its WebSockets to the API, with the cursors that they carry. */
async function open(browser, address) {
    const page = await newPage(browser, DESKTOP);
    const sockets = [];
    page.on("websocket", (socket) => socket.url().endsWith("/graphql") && sockets.push(cursorsOf(socket)));
    await eventually(() => page.goto(address));
    await page.getByLabel("Email").fill(client.email);
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await shows(page.getByRole("alert"), "that the password is wrong");
    await page.getByLabel("Password").fill(client.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await shows(page.getByText(`Hello Julien Martin`), "the name of the client");
    await eventually(() => assert.equal(sockets.length, 1));
    await mark(page);
    return { page, sockets };
}

/** Keeps the cursor with which a subscription begins, and that of the last received event. */
function cursorsOf(socket) {
    const cursors = {};
    socket.on("framesent", ({ payload }) => {
        const { type, payload: operation } = JSON.parse(payload);
        if (type === "subscribe") cursors.after = operation.variables.after;
    });
    socket.on("framereceived", ({ payload }) => {
        const { type, payload: result } = JSON.parse(payload);
        if (type === "next") cursors.last = result.data.dossierEvents.cursor;
    });
    return cursors;
}

const row = (page, text) => page.getByRole("listitem").filter({ hasText: text });

async function download(page, name) {
    const downloading = page.waitForEvent("download");
    await row(page, name).getByRole("button", { name: "Download" }).click();
    const file = await downloading;
    assert.equal(file.suggestedFilename(), name);
    const [start] = await (await file.createReadStream()).toArray();
    assert.equal(start.subarray(0, 4).toString(), "%PDF");
}

/** Submits a request. The agency asks for changes, and approves the request when it is submitted again. */
async function askForApproval(page, title) {
    await page.getByLabel("New request").fill(title);
    await page.getByRole("button", { name: "Submit", exact: true }).click();
    await shows(row(page, title).getByText("Waiting for the agency"), "the new request");
    const query = "{ validationRequests(first: 100) { nodes { id title } } }";
    const { validationRequests } = await (await signIn("operator"))(query);
    const { id } = validationRequests.nodes.find((request) => request.title === title);
    await agency("requestChanges", { id, reason: "Quel format ?" });
    await shows(row(page, title).getByText("Changes requested"), "that changes are requested");
    await shows(row(page, title).getByText("Quel format ?"), "the reason");
    await row(page, title).getByRole("button", { name: "Submit again" }).click();
    await shows(row(page, title).getByText("Waiting for the agency"), "the request as submitted again");
    await agency("approveValidationRequest", { id });
    await shows(row(page, title).getByText("Approved"), "the approval");
    assert.equal(await row(page, title).count(), 1);
}

async function conversationId() {
    const query = "{ conversations(first: 1) { nodes { id } } }";
    return (await (await signIn("client"))(query)).conversations.nodes[0].id;
}

async function chat(page) {
    await page.getByLabel("Message").fill("Merci !");
    await page.getByRole("button", { name: "Send" }).click();
    await shows(row(page, "Merci !").getByText("Julien Martin"), "the message of the client");
    await agency("postMessage", { conversationId: await conversationId(), body: "Avec plaisir." });
    await shows(row(page, "Avec plaisir.").getByText("Olivier Marchand"), "the answer of the agency");
}

/** After an interruption, the page shows what happened meanwhile, once. */
async function resume({ page, sockets }, proxy) {
    assert.equal(sockets.length, 1, "the socket goes on with the next token");
    const [{ last }] = sockets;
    proxy.cut();
    for (const body of ["Un", "Deux"]) {
        await agency("postMessage", { conversationId: await conversationId(), body: `${body} message manqué` });
    }
    proxy.restore();
    await shows(row(page, "Deux message manqué"), "the messages during the interruption");
    assert.equal(sockets.at(-1).after, last, "the subscription continues with its last cursor");
    assert.equal(await row(page, "message manqué").count(), 2);
    assert.equal(await row(page, "Avec plaisir.").count(), 1);
    await assertNotReloaded(page);
}

await withBrowser(async (browser) => {
    const proxy = await startProxy(url);
    const built = await open(browser, proxy.url);
    const opened = Date.now();
    const { page } = await open(browser, process.env.DEV);
    await download(page, "maquette.pdf");
    await askForApproval(page, "Une affiche");
    await chat(page);
    await assertNotReloaded(page);
    await photograph(page, "tutorial", { fullPage: true });

    await built.page.waitForTimeout(Math.max(opened + LIFETIME + 2_000 - Date.now(), 0));
    await shows(row(built.page, "Une affiche").getByText("Approved"), "the approval in the other window");
    await resume(built, proxy);
    await built.page.getByRole("button", { name: "Sign out" }).click();
    await shows(built.page.getByLabel("Password"), "the form for signing in");
    proxy.close();
});
