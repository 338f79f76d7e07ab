import { build, type Plugin } from "vite";

/** Files that only previews need, which have nothing to show without a network, and letters of few languages. */
const isLarge = (path: string) => /\/(pdf|PdfP|inter-latin-ext)/.test(path);

/** Builds the service worker with the list of the files that it stores. */
export const serviceWorker = (): Plugin => ({
    name: "service-worker",
    apply: "build",
    async writeBundle({ dir }, bundle) {
        const built = Object.keys(bundle)
            .map((path) => `/${path}`)
            .filter((path) => path.startsWith("/assets/") && !isLarge(path));
        const files = [...built, "/icon.svg", "/manifest.webmanifest"].sort();
        await build({
            configFile: false,
            publicDir: false,
            logLevel: "warn",
            define: { BUILT_FILES: JSON.stringify(files) },
            build: {
                outDir: dir!,
                emptyOutDir: false,
                lib: { entry: new URL("../worker/worker.ts", import.meta.url).pathname, formats: ["iife"], name: "worker", fileName: () => "worker.js" },
            },
        });
    },
});
