// A proxy between a window and the server, whose network can be taken away.
import { connect, createServer } from "node:net";

/** Starts a proxy before the server. */
export async function startProxy(url) {
    const { hostname, port } = new URL(url);
    const sockets = new Set();
    let state = "open";
    const server = createServer((near) => {
        if (state === "cut") return near.destroy();
        const far = connect(port, hostname);
        for (const [one, other] of [[near, far], [far, near]]) {
            sockets.add(one);
            one.on("error", () => other.destroy());
            one.on("close", () => (sockets.delete(one), other.destroy()));
            one.on("data", (bytes) => other.write(bytes));
            if (state === "stalled") one.pause();
        }
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}`,
        /** Closes all connections, and refuses new ones. */
        cut() {
            state = "cut";
            for (const socket of sockets) socket.destroy();
        },
        /** Delivers no bytes, and tells nobody, as a radio network does. */
        stall() {
            state = "stalled";
            for (const socket of sockets) socket.pause();
        },
        restore() {
            state = "open";
            for (const socket of sockets) socket.resume();
        },
        close() {
            for (const socket of sockets) socket.destroy();
            server.close();
        },
    };
}
