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
import { pauseOfErrors, TryLater, withRetries, type ApiError } from "./retry.js";
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
/** How long the server has asked to wait before the next connection, in milliseconds. */
let requestedPause = 0;

const client = createClient({
    url: new URL("/graphql", url.replace(/^http/, "ws")).href,
    webSocketImpl: WebSocket,
    // Asked for every connection: a token lasts for hours, this program for weeks.
    connectionParams: async () => ({ Authorization: `Bearer ${await newToken()}` }),
    // Also when nothing listens there for a while, which is no closed connection to graphql-ws.
    shouldRetry: () => true,
    retryAttempts: Infinity,
    // Longer each time, up to half a minute, and never all watchers at once; as long as the server asks in any case.
    retryWait: (retries) =>
        sleep(Math.max(Math.min(500 * 2 ** retries, 30_000) * (0.5 + Math.random()), requestedPause)),
    // A connection can die without a sign of it: then no pong comes.
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

/** A token for a new connection. The pause that the server asks for comes before the next one: this one cannot wait. */
async function newToken(): Promise<string> {
    requestedPause = 0;
    try {
        return (await signIn(url, account)).accessToken;
    } catch (error) {
        if (error instanceof TryLater) requestedPause = error.pause;
        throw error;
    }
}

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

/** Prints events until the server ends the subscription. Throws `TryLater` if the server asks to wait. */
function watch(): Promise<void> {
    return new Promise((resolve, reject) => {
        client.subscribe<Data>(request, {
            // Printed first: killed in between, the watcher rather prints an event twice than never.
            next: ({ data, errors }) => {
                if (data) {
                    console.log(show(data.validationHub));
                    cursor.value = data.validationHub.cursor;
                } else {
                    reject(refusal(errors));
                }
            },
            error: (reason) => reject(Array.isArray(reason) ? refusal(reason) : reason),
            complete: resolve,
        });
    });
}

/** The errors of the subscription as one. */
function refusal(errors: readonly ApiError[] = []): Error {
    const message = errors.map((error) => error.message).join(" ");
    const pause = pauseOfErrors(errors);
    return pause === undefined ? new Error(message) : new TryLater(message, pause);
}

// Asked to stop, it does so between two events, never in the middle of one.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit());

// Fails at once when the address or the password is wrong; from then on the watcher tries again forever. Without this
// first cursor, what happens before the first event comes would be missed.
const session = await withRetries(() => signIn(url, account));
cursor.value ??= session.cursor;
for (;;) {
    try {
        await watch();
        // Only ended by the server, which is about to leave. When a token expires the connection is closed, and the
        // next one signs in again.
        await sleep(1_000);
    } catch (error) {
        if (!(error instanceof TryLater)) throw error;
        console.error(`${error.message} Next attempt in ${error.pause / 1_000} s.`);
        await sleep(error.pause);
    }
}
