// Checks how `subscribe` of docs/frontend.md continues, with a client that does what the check says. Needs live.js in the
// current folder.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

const { subscribe } = await import(pathToFileURL("live.js"));

/** A client of graphql-ws that keeps the variables and the sink of each subscription. */
const begun = [];
let unsubscribed = 0;
const client = {
    subscribe({ variables }, sink) {
        begun.push({ ...variables, sink });
        return () => unsubscribed++;
    },
};

const received = [];
const sink = {
    next: ({ data }) => received.push(data.dossierEvents.type),
    error: (cause) => received.push(cause),
    complete: () => received.push("complete"),
};
const event = (type, cursor) => ({ data: { dossierEvents: { type, cursor } } });

/** Waits until so many subscriptions have begun. */
async function begins(count) {
    const deadline = Date.now() + 10_000;
    while (begun.length < count) {
        assert.ok(Date.now() < deadline, `subscription ${count} does not begin`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

const variables = { after: "first", types: ["CLIENT_CREATED"] };
const unsubscribe = subscribe(client, { query: "subscription", variables }, sink);
begun[0].sink.next(event("CLIENT_CREATED", "second"));

// The rate limit refuses the subscription for a while.
const refused = Date.now();
begun[0].sink.error([{ message: "Too many requests.", extensions: { retryAfter: 1 } }]);
await begins(2);
assert.ok(Date.now() - refused >= 1_000, "it waits as long as the server asks");
assert.equal(begun[1].after, "second");
assert.deepEqual(begun[1].types, variables.types);
assert.equal(variables.after, "first", "the variables of the caller stay unchanged");

// The server ends the subscription.
begun[1].sink.next(event("REMOVED", "third"));
begun[1].sink.complete();
await begins(3);
assert.equal(begun[2].after, "third");

// Another error ends it.
begun[2].sink.error([{ message: "Unknown field." }]);
assert.deepEqual(received, ["CLIENT_CREATED", "REMOVED", [{ message: "Unknown field." }]]);

unsubscribe();
begun[2].sink.complete();
assert.equal(received.at(-1), "complete");
assert.equal(unsubscribed, 1);
assert.equal(begun.length, 3);
