import { defineConfig } from "@lingui/cli";

// Few people open these pages. Their texts are loaded with them.
const settings = ["account", "apikeys", "audit", "people", "proof", "settings", "sites"].map((feature) => `src/${feature}`);

export default defineConfig({
    sourceLocale: "en",
    locales: ["en", "fr"],
    catalogs: [
        { path: "locales/{locale}", include: ["src"], exclude: settings.map((folder) => `${folder}/**`) },
        { path: "locales/settings/{locale}", include: settings },
    ],
});
