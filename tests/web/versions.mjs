// A proxy before the server that deploys a next version of the app: it has one more style sheet, and the server no longer
// has the files of the version before. The proxy can be cut.
import { createServer, request } from "node:http";
import { connect } from "node:net";

const STYLES = "/assets/version-2.css";
/** A file of the worker's list that the check does not need. The next version's styles take its place. */
const REPLACED = /\/assets\/AuditPage-[\w-]+\.css/;

/** Starts the proxy before the server. */
export async function startVersions(url) {
    const { hostname, port } = new URL(url);
    const sockets = new Set();
    let isNext = false;
    let isCut = false;

    /** Returns a file of the next version, or nothing if it is that of the version before. */
    function ofNext(path, answer, text) {
        if (!isNext) return undefined;
        if (path === "/worker.js") return text().replace(REPLACED, STYLES);
        if (answer.headers["content-type"]?.startsWith("text/html")) return text().replace("</head>", `<link rel="stylesheet" href="${STYLES}"></head>`);
        return undefined;
    }

    function forward(incoming, outgoing) {
        const { url: path, method } = incoming;
        if (isNext && path === STYLES) return outgoing.writeHead(200, { "content-type": "text/css" }).end(":root { --version: 2 }");
        if (isNext && path.startsWith("/assets/")) return outgoing.writeHead(404).end();
        const headers = { ...incoming.headers, "accept-encoding": "identity" };
        const answered = request({ hostname, port, path, method, headers }, async (answer) => {
            const body = Buffer.concat(await answer.toArray());
            const sent = Buffer.from(ofNext(path, answer, () => body.toString()) ?? body);
            outgoing.writeHead(answer.statusCode, { ...answer.headers, "content-length": sent.length }).end(sent);
        });
        answered.on("error", () => outgoing.destroy());
        incoming.pipe(answered);
    }

    /** Passes a WebSocket on, from its first line. */
    function upgrade(incoming, near) {
        const far = connect(port, hostname, () => {
            const headers = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${value}\r\n`);
            far.write(`GET ${incoming.url} HTTP/1.1\r\n${headers.join("")}\r\n`);
            far.pipe(near).pipe(far);
        });
        for (const [one, other] of [[near, far], [far, near]]) one.on("error", () => {}).on("close", () => other.destroy());
    }

    const server = createServer(forward).on("upgrade", upgrade);
    server.on("connection", (socket) => {
        if (isCut) return socket.destroy();
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}`,
        deployNext: () => (isNext = true),
        cut() {
            isCut = true;
            for (const socket of sockets) socket.destroy();
        },
        restore: () => (isCut = false),
        close() {
            for (const socket of sockets) socket.destroy();
            server.close();
        },
    };
}

/** Whether a page has the styles of the next version. */
export const isNextVersion = (page) =>
    page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--version") === "2");
