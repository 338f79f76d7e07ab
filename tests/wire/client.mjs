// The life of a real client of graphql-transport-ws. Prints a line for each event.
//
//     URL=http://127.0.0.1:4000 EMAIL=… PASSWORD=… node client.mjs
import { createClient } from "graphql-ws";
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";

const { URL: url = "http://127.0.0.1:4000", EMAIL, PASSWORD } = process.env;

const SIGN_IN = `mutation($input: SignInInput!) { signIn(input: $input) { accessToken viewer { cursor } } }`;
const CREATE = `mutation($name: String!) { createClient(input: { name: $name, track: LAB }) { client { id name } } }`;
const EVENTS = `subscription($after: String) { dossierEvents(after: $after) { cursor type client { name } } }`;

async function signIn() {
    const response = await fetch(`${url}/graphql`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ query: SIGN_IN, variables: { input: { email: EMAIL, password: PASSWORD } } }),
    });
    const { data } = await response.json();
    return data.signIn;
}

const client = createClient({
    url: `${url.replace(/^http/, "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ Authorization: `Bearer ${(await signIn()).accessToken}` }),
    lazyCloseTimeout: 60_000,
    keepAlive: 500,
    retryAttempts: Infinity,
    retryWait: () => sleep(100),
    shouldRetry: () => true,
    on: {
        connected: (_socket, _payload, again) => console.log(again ? "connected again" : "connected"),
        closed: ({ code, reason }) => code !== 1006 && console.log(`closed ${code} ${reason}`.trim()),
        pong: (received) => received && pongs++,
    },
});
let pongs = 0;

/** All results of an operation that ends by itself. */
async function all(payload) {
    const results = [];
    for await (const result of client.iterate(payload)) results.push(result);
    return results;
}

const { cursor } = (await signIn()).viewer;

const [{ data }] = await all({ query: "{ viewer { displayName } }" });
assert.equal(data.viewer.displayName, "Olga");
const [created] = await all({ query: CREATE, variables: { name: "Un" }, extensions: { idempotencyKey: "un" } });
const [repeated] = await all({ query: CREATE, variables: { name: "Un" }, extensions: { idempotencyKey: "un" } });
assert.deepEqual(created.data, repeated.data);

// graphql-ws rejects with the payload of an `error` message.
await assert.rejects(all({ query: "{ nothing }" }), ([error]) => {
    assert.equal(error.extensions.code, "GRAPHQL_VALIDATION_FAILED");
    return true;
});

// This subscription ends after its first event. The others continue.
for await (const { data } of client.iterate({ query: EVENTS, variables: { after: cursor } })) {
    assert.equal(data.dossierEvents.client.name, "Un");
    break;
}

let after = cursor;
const variables = {
    get after() {
        return after;
    },
};
for await (const { data, errors } of client.iterate({ query: EVENTS, variables })) {
    assert.equal(errors, undefined);
    after = data.dossierEvents.cursor;
    const { name } = data.dossierEvents.client;
    console.log(`event ${name}`);
    if (name === "Fin") break;
}
while (pongs === 0) await sleep(50);
client.on("closed", () => process.exit());
await client.dispose();
