import { defineConfig } from "@lingui/cli";

export default defineConfig({
    sourceLocale: "en",
    locales: ["en", "fr"],
    catalogs: [{ path: "locales/{locale}", include: ["src"] }],
});
