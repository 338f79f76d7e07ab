// Text of the schema as HTML.
import { Marked } from "marked";

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escape = (text) => String(text).replace(/[&<>"]/g, (character) => ENTITIES[character]);

/** Renders Markdown. Names of the schema between backticks become links. */
export class Markdown {
    #marked;

    constructor(names) {
        const known = new Set(names);
        const renderer = {
            codespan({ text }) {
                // `Type.field` links to the field, and `mutation(argument: …)` to the mutation.
                const [name] = text.split(/[.(]/);
                const code = `<code>${escape(text)}</code>`;
                if (!known.has(name)) return code;
                const target = /^\w+\.\w+$/.test(text) ? text : name;
                return `<a href="#${escape(target)}">${code}</a>`;
            },
            html: ({ text }) => escape(text),
        };
        this.#marked = new Marked({ renderer });
    }

    block(text) {
        return text ? this.#marked.parse(text) : "";
    }
}

/** Returns a type such as `[Role!]!`, whose name is a link. */
export function typeLink(type) {
    const [, before, name, after] = /^(\[*)(\w+)(.*)$/.exec(String(type));
    return `<code>${before}<a href="#${name}">${name}</a>${after}</code>`;
}
