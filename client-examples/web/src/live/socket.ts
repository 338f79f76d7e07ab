import { createClient, type Client } from "graphql-ws";
import { session, SignInRequired } from "../session/session";
import { connection } from "./connection";

/** Waits, but not longer than until the network comes back. */
const sleep = (milliseconds: number) =>
    new Promise<void>((resolve) => {
        setTimeout(resolve, milliseconds);
        addEventListener("online", () => resolve(), { once: true });
    });

/** Opens the socket when the first subscription begins, and again whenever it is closed. */
export function connect(): Client {
    let socket: WebSocket;
    let token = "";
    let refused = false;
    let silence: ReturnType<typeof setTimeout>;
    const ping = (payload?: object) => socket.send(JSON.stringify({ type: "ping", payload }));
    const authorization = () => ({ Authorization: `Bearer ${token}` });
    const renew = async () => {
        token = await session.tokenAfter(token);
        ping(authorization());
    };
    const client = createClient({
        url: `${location.origin.replace(/^http/, "ws")}/graphql`,
        // Called for each connection. A refused token may look valid to a device whose clock is wrong.
        connectionParams: async () => {
            token = await (refused ? session.tokenAfter(token) : session.token());
            return authorization();
        },
        shouldRetry: (cause) => !(cause instanceof SignInRequired),
        retryAttempts: Infinity,
        retryWait: (retries) => sleep(Math.min(500 * 2 ** retries, 15_000) * (0.5 + Math.random())),
        keepAlive: 10_000,
        on: {
            opened: (opened) => (socket = opened as WebSocket),
            connected: () => ping(),
            closed: (event) => {
                clearTimeout(silence);
                refused = (event as CloseEvent).code === 4403;
                connection.lose();
            },
            ping: (received, payload) => {
                // If no pong follows, the connection is broken.
                if (!received) silence = setTimeout(() => client.terminate(), 5_000);
                // If the renewal fails, the server closes the socket, and the next connection tries again.
                else if (payload?.tokenExpiresAt) renew().catch(() => {});
            },
            pong: (received) => {
                if (!received) return;
                clearTimeout(silence);
                connection.prove();
            },
        },
    });
    // A browser without a network does not report it to the socket.
    addEventListener("offline", () => client.terminate());
    return client;
}
