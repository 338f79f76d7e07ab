// Prints what happens in the validation hub, one line an event, each once, also across restarts of the server.
//
//     npm ci
//     EMAIL=… PASSWORD=… npm start
//
// Also read: URL (http://127.0.0.1:4000), ORGANIZATION (its slug), CURSOR_FILE (cursor.txt).
import type { ResultOf } from "gql.tada";
import { print } from "graphql";
import { createClient } from "graphql-ws";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { StoredCursor } from "./cursor.js";
import { graphql } from "./graphql.js";
import { signIn, type Account } from "./sign-in.js";

const ValidationHub = graphql(`
    subscription ValidationHub($after: String) {
        validationHub(after: $after) {
            cursor
            type
            occurredAt
            actor {
                displayName
                kind
            }
            validationRequest {
                id
                title
                status
                client {
                    name
                }
            }
        }
    }
`);

type Data = ResultOf<typeof ValidationHub>;

const { URL: url = "http://127.0.0.1:4000", EMAIL, PASSWORD, ORGANIZATION, CURSOR_FILE = "cursor.txt" } = process.env;
if (!EMAIL || !PASSWORD) {
    console.error("EMAIL and PASSWORD must be set.");
    process.exit(2);
}
const account: Account = { email: EMAIL, password: PASSWORD, organization: ORGANIZATION ?? null };
const cursor = new StoredCursor(CURSOR_FILE);
let silence: NodeJS.Timeout | undefined;

const client = createClient({
    url: new URL("/graphql", url.replace(/^http/, "ws")).href,
    webSocketImpl: WebSocket,
    // Asked for every connection: a token lasts for hours, this program for weeks.
    connectionParams: async () => ({ Authorization: `Bearer ${(await signIn(url, account)).accessToken}` }),
    // Also when nothing listens there for a while, which is no closed connection to graphql-ws.
    shouldRetry: () => true,
    retryAttempts: Infinity,
    // Longer each time, up to half a minute, and never all watchers at once.
    retryWait: (retries) => sleep(Math.min(500 * 2 ** retries, 30_000) * (0.5 + Math.random())),
    // A connection can die without a sign of it. Whoever does not answer is gone.
    keepAlive: 15_000,
    on: {
        connected: () => console.error(`Watching ${url}`),
        closed: (event) => {
            clearTimeout(silence);
            const { code, reason } = event as WebSocket.CloseEvent;
            console.error(`Disconnected (${code} ${reason})`);
        },
        ping: (received) => {
            if (!received) silence = setTimeout(() => client.terminate(), 10_000);
        },
        pong: (received) => {
            if (received) clearTimeout(silence);
        },
    },
});

const request = {
    query: print(ValidationHub),
    // Read anew whenever graphql-ws subscribes again after a broken connection: it goes on where it stopped.
    variables: {
        get after() {
            return cursor.value;
        },
    },
};

function show({ occurredAt, type, actor, validationRequest }: Data["validationHub"]): string {
    const what = validationRequest
        ? `“${validationRequest.title}” (${validationRequest.client?.name}), now ${validationRequest.status}`
        : "";
    return [occurredAt, type, actor?.displayName ?? "-", what].join("\t");
}

/** Prints events until the server ends the subscription. */
function watch(): Promise<void> {
    return new Promise((resolve, reject) => {
        client.subscribe<Data>(request, {
            // Printed first: killed in between, the watcher rather prints an event twice than never.
            next: ({ data, errors }) => {
                if (data) {
                    console.log(show(data.validationHub));
                    cursor.value = data.validationHub.cursor;
                } else {
                    reject(errors);
                }
            },
            error: reject,
            complete: resolve,
        });
    });
}

// Asked to stop, it does so between two events, never in the middle of one.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit());

// Fails at once when the address or the password is wrong; from then on the watcher tries again for ever. Without this
// first cursor, what happens before the first event comes would be missed.
const session = await signIn(url, account);
cursor.value ??= session.cursor;
for (;;) {
    await watch();
    // Only ended by the server, which is about to leave. When a token expires the connection is closed, and the next
    // one signs in again.
    await sleep(1_000);
}
