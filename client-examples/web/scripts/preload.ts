import type { Plugin } from "vite";

/** The chunks that every page needs, and that the small first script imports. */
const CHUNKS = ["app", "vendor", "common"];

/** Names the chunks in the page, so that browsers load them together with the first script, and not after it. */
export const preload = (): Plugin => ({
    name: "preload",
    apply: "build",
    transformIndexHtml: {
        order: "post",
        handler: (_, { bundle = {} }) =>
            Object.values(bundle)
                .filter((file) => file.type === "chunk" && CHUNKS.includes(file.name))
                .map(({ fileName }) => ({
                    tag: "link",
                    attrs: { rel: "modulepreload", crossorigin: true, href: `/${fileName}` },
                    injectTo: "head" as const,
                })),
    },
});
