// Takes the network away from both windows for 30 seconds, while 20 things happen: the two windows write half of them, and
// other people the rest. Then both windows must show what the server knows, without having been loaded again.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { dossierOf, mutate, signIn, upload, url } from "./api.mjs";
import {
    assertLive,
    assertNotReloaded,
    DESKTOP,
    eventually,
    goTo,
    mark,
    openWindow,
    PHONE,
    shows,
    withBrowser,
} from "./browser.mjs";
import { startProxy } from "./proxy.mjs";

const AWAY = 30_000;
/** A mutation is sent again after 15 seconds at most. */
const RECOVERY = 60_000;
const STATUS = {
    PENDING: "En attente",
    APPROVED: "Approuvé",
    REJECTED: "Refusé",
    CHANGES_REQUESTED: "À modifier",
    CANCELLED: "Retirée",
};

const count = (number, word) => Array.from({ length: number }, (_, index) => `${word} ${index + 1}`);
const DECIDED_HERE = count(6, "Décision");
const DECIDED_ELSEWHERE = count(3, "Ailleurs");
const SUBMITTED_HERE = count(4, "Hors ligne");
const SUBMITTED_ELSEWHERE = count(4, "Autre appareil");
const PUBLISHED = count(2, "Document");

const submit = async (client, clientId, title) =>
    (await mutate(client, "submitValidationRequest", { clientId, title }, "validationRequest { id }")).validationRequest.id;

/** Six decisions with the keyboard, which needs only the list. */
async function decideInHub(hub) {
    for (const title of DECIDED_HERE) {
        await hub.keyboard.press("a");
        await eventually(async () => {
            const left = await hub.getByRole("listitem").filter({ hasText: title }).count();
            assert.equal(left, 0, `“${title}” stays in the queue after the key A`);
        });
    }
}

async function submitInPortal(portal) {
    for (const title of SUBMITTED_HERE) {
        await portal.getByRole("button", { name: "Nouvelle demande" }).click();
        await portal.getByLabel("De quoi s’agit-il ?").fill(title);
        await portal.getByRole("button", { name: "Envoyer à l’agence" }).click();
        await portal.keyboard.press("Escape");
        await portal.getByRole("dialog").waitFor({ state: "hidden" });
    }
}

/** Ten things that happen elsewhere. One is another decision than that of the hub about the same request. */
async function actElsewhere({ operator, client, clientId, ids }) {
    const [one, two, three] = DECIDED_ELSEWHERE;
    for (const title of SUBMITTED_ELSEWHERE) await submit(client, clientId, title);
    for (const title of [one, two]) await mutate(operator, "approveValidationRequest", { id: ids[title] });
    await mutate(client, "cancelValidationRequest", { id: ids[three] });
    await mutate(operator, "rejectValidationRequest", { id: ids[DECIDED_HERE.at(-1)], reason: "Déjà fait." });
    for (const name of PUBLISHED) {
        const { documentId } = await upload(operator, { clientId, zone: "DOCUMENTS", name: `${name}.txt`, bytes: name });
        await mutate(operator, "publishDocument", { id: documentId });
    }
}

const REQUESTS = `query ($filter: ValidationRequestFilter) {
    validationRequests(first: 100, filter: $filter) { nodes { id title status createdAt } }
}`;
const DOCUMENTS = `query ($clientId: ID!) {
    documents(first: 100, filter: { clientId: $clientId }) { nodes { name } }
}`;
const requestsOf = async (person, filter) => (await person(REQUESTS, { filter })).validationRequests.nodes;
const byAge = (a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);
const firstLine = (text) => text.split("\n")[0];

/** Compares what the windows show with what the server answers now. */
async function compare({ hub, portal, operator, client, clientId }) {
    await eventually(async () => {
        const shown = (await hub.getByRole("listitem").allInnerTexts()).map(firstLine);
        const pending = (await requestsOf(operator, { status: ["PENDING"] })).sort(byAge);
        assert.deepEqual(shown, pending.map(({ title }) => title), "the hub has another queue than the server");
    }, RECOVERY);
    await eventually(async () => {
        const rows = await portal.getByRole("main").getByRole("link").allInnerTexts();
        const shown = rows.map((text) => [firstLine(text), text.trim().split("\n").at(-1)].join(": "));
        const requests = await requestsOf(client, { clientId });
        const known = requests.map(({ title, status }) => `${title}: ${STATUS[status]}`);
        assert.deepEqual(shown.sort(), known.sort(), "the portal has other requests than the server");
    }, RECOVERY);
    await goTo(portal, "Documents");
    await eventually(async () => {
        const shown = await portal.getByRole("main").getByRole("link").allInnerTexts();
        const { documents } = await client(DOCUMENTS, { clientId });
        const known = documents.nodes.map(({ name }) => name);
        assert.deepEqual(shown.sort(), known.sort(), "the portal has other documents than the server");
    }, RECOVERY);
}

/** Fails if something that a window wrote has not happened exactly once. */
async function assertHappenedOnce(client, clientId) {
    const requests = await requestsOf(client, { clientId });
    const statusesOf = (title) => requests.filter((each) => each.title === title).map(({ status }) => status);
    const happened = (titles) => titles.map(statusesOf);
    assert.deepEqual(happened(SUBMITTED_HERE), SUBMITTED_HERE.map(() => ["PENDING"]), "what the portal submitted");
    const expected = DECIDED_HERE.map((_, index) => [index < 5 ? "APPROVED" : "REJECTED"]);
    assert.deepEqual(happened(DECIDED_HERE), expected, "what the hub decided");
}

async function check(browser, proxies) {
    const [operator, client] = [await signIn("operator"), await signIn("client")];
    const { id: clientId } = await dossierOf(client);
    const ids = {};
    for (const title of [...DECIDED_HERE, ...DECIDED_ELSEWHERE]) ids[title] = await submit(client, clientId, title);
    const [hub, portal] = await Promise.all([
        openWindow(browser, "operator", { ...DESKTOP, baseUrl: proxies[0].url }),
        openWindow(browser, "client", { ...PHONE, baseUrl: proxies[1].url }),
    ]);
    const people = { hub, portal, operator, client, clientId, ids };
    await goTo(portal, "Documents");
    await shows(portal.getByRole("heading", { name: "Mes documents" }), "the documents");
    await goTo(portal, "Demandes");
    await shows(hub.getByRole("listitem").filter({ hasText: DECIDED_ELSEWHERE[2] }), "the requests");
    await hub.getByLabel("Filtrer").fill("Décision");
    await hub.keyboard.press("Escape");
    await hub.keyboard.press("j");
    for (const page of [hub, portal]) await mark(page);

    const end = wait(AWAY);
    proxies[0].stall();
    proxies[1].cut();
    await portal.context().setOffline(true);
    await Promise.all([decideInHub(hub), submitInPortal(portal), actElsewhere(people)]);
    await shows(portal.getByText(/^Hors ligne\. Vous voyez l’état de/), "that the portal is offline");
    await shows(hub.getByRole("status").getByText(/^Reconnexion|en attente$/), "that the hub reconnects");
    await end;
    const notice = hub.getByText(`Non décidée : ${DECIDED_HERE.at(-1)}`);
    const told = shows(notice, "that the last request was decided elsewhere", RECOVERY);
    for (const proxy of proxies) proxy.restore();
    await portal.context().setOffline(false);
    await Promise.all([told, assertLive(hub), assertLive(portal)]);
    await hub.getByLabel("Filtrer").fill("");
    await eventually(() => assertHappenedOnce(client, clientId), RECOVERY);
    await compare(people);
    await assertHappenedOnce(client, clientId);
    for (const page of [hub, portal]) await assertNotReloaded(page);
}

const proxies = [await startProxy(url), await startProxy(url)];
await withBrowser((browser) => check(browser, proxies)).finally(() => proxies.forEach((proxy) => proxy.close()));
console.log("both windows show what the server knows");
