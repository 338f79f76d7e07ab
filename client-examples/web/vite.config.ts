import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The server that `npm run dev` passes requests to.
const server = process.env.DOSSIER_URL ?? "http://127.0.0.1:4000";

export default defineConfig({
    plugins: [react({ babel: { plugins: ["@lingui/babel-plugin-lingui-macro"] } }), lingui()],
    // A strict Content-Security-Policy refuses `data:` URLs and inline scripts.
    build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    server: { proxy: { "/graphql": { target: server, ws: true }, "/sample": { target: server } } },
});
