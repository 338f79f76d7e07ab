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
import { Session, type Account } from "./session.js";

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
let socket: WebSocket | undefined;
/** How long the server has asked to wait before the next connection, in milliseconds. */
let requestedPause = 0;

const client = createClient({
    url: new URL("/graphql", url.replace(/^http/, "ws")).href,
    webSocketImpl: WebSocket,
    // Called for each connection, because an access token is valid for some minutes only.
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
        opened: (opened) => {
            socket = opened as WebSocket;
        },
        connected: () => console.error(`Watching ${url}`),
        closed: (event) => {
            clearTimeout(silence);
            const { code, reason } = event as WebSocket.CloseEvent;
            console.error(`Disconnected (${code} ${reason})`);
        },
        ping: (received, payload) => {
            if (!received) silence = setTimeout(() => client.terminate(), 10_000);
            // The server says that the token expires soon. The next token keeps the socket open.
            if (received && payload?.tokenExpiresAt) void renew();
        },
        pong: (received) => {
            if (received) clearTimeout(silence);
        },
    },
});

/** Sends the next access token over the open socket. If this fails, the server closes it, and the next connection renews. */
async function renew(): Promise<void> {
    try {
        const Authorization = `Bearer ${await session.renew()}`;
        socket?.send(JSON.stringify({ type: "ping", payload: { Authorization } }));
        console.error("Renewed the access token");
    } catch (error) {
        console.error(`The access token was not renewed: ${error}`);
    }
}

/** Returns a token for a new connection. If the server asks to wait, the pause comes before the next connection. */
async function newToken(): Promise<string> {
    requestedPause = 0;
    try {
        return await session.token();
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
const session = await withRetries(() => Session.begin(url, account));
cursor.value ??= session.cursor ?? null;
for (;;) {
    try {
        await watch();
        // Only the server ends a subscription, when it stops.
        await sleep(1_000);
    } catch (error) {
        if (!(error instanceof TryLater)) throw error;
        console.error(`${error.message} Next attempt in ${error.pause / 1_000} s.`);
        await sleep(error.pause);
    }
}
