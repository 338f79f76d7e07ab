import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { preload } from "./scripts/preload.ts";
import { serviceWorker } from "./scripts/serviceWorker.ts";

// The server that `npm run dev` passes requests to.
const server = process.env.DOSSIER_URL ?? "http://127.0.0.1:4000";

/** Menus, dialogs, tooltips and choosers, which no page needs before somebody uses it. */
const OVERLAY =
    /@floating-ui|react-remove-scroll|react-style-singleton|use-sidecar|use-callback-ref|react-transition-group|esm\/components\/(Combobox|FocusTrap|Menu|Modal|ModalBase|Overlay|Popover|ScrollArea|Tooltip|VisuallyHidden)\/|utils\/Floating\/|use-(click|focus|long)-/;
/** The libraries without which nothing is shown. */
const VENDOR =
    /node_modules\/(@0no-co|@lingui|@mantine\/(core\/esm\/core|store)|@tanstack|@urql|gql\.tada|graphql-ws|react|react-dom|scheduler|urql|use-sync-external-store|wonka)\//;
const isCommon = (id: string) => !OVERLAY.test(id) && !/Confirm|Dialog/.test(id);

export default defineConfig({
    plugins: [react({ babel: { plugins: ["@lingui/babel-plugin-lingui-macro"] } }), lingui(), preload(), serviceWorker()],
    build: {
        // A strict Content-Security-Policy refuses `data:` URLs and inline scripts.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        rolldownOptions: {
            output: {
                // Small modules that many pages share would be a hundred files, which a phone asks for one after the other.
                codeSplitting: {
                    groups: [
                        { name: "start", tags: ["$initial"], priority: 4 },
                        { name: "vendor", test: VENDOR, priority: 3 },
                        { name: "common", test: isCommon, minShareCount: 4, maxModuleSize: 7_000, priority: 2 },
                        { name: "overlay", test: OVERLAY, priority: 1 },
                    ],
                },
            },
        },
    },
    server: { proxy: { "/graphql": { target: server, ws: true }, "/sample": { target: server } } },
});
