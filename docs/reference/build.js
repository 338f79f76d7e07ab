// Renders schema.graphql as one page with a search: `node build.js [FOLDER]` writes FOLDER/index.html.
import { buildSchema, isIntrospectionType, isSpecifiedDirective } from "graphql";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Examples } from "./example.js";
import { directiveSection, operationSection, typeSection } from "./sections.js";
import { escape, Markdown } from "./text.js";

const [folder = fileURLToPath(new URL("dist", import.meta.url))] = process.argv.slice(2);
const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const schema = buildSchema(read("../../schema.graphql"));

const examples = new Examples(schema);
const roots = {
    Queries: schema.getQueryType(),
    Mutations: schema.getMutationType(),
    Subscriptions: schema.getSubscriptionType(),
};
const KINDS = {
    Objects: "GraphQLObjectType",
    Inputs: "GraphQLInputObjectType",
    Enums: "GraphQLEnumType",
    Interfaces: "GraphQLInterfaceType",
    Unions: "GraphQLUnionType",
    Scalars: "GraphQLScalarType",
};
const byName = (one, other) => one.name.localeCompare(other.name);
const types = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !Object.values(roots).includes(type))
    .sort(byName);
const applied = (directive) => !isSpecifiedDirective(directive) || directive.name === "oneOf";
const directives = schema.getDirectives().filter(applied);

const markdown = new Markdown([
    ...types.map(({ name }) => name),
    ...Object.values(roots).flatMap((root) => Object.keys(root.getFields())),
    ...directives.map(({ name }) => `@${name}`),
]);

/** The groups of the page. Each entry has a name, which is its anchor, and HTML. */
const groups = [
    ...Object.entries(roots).map(([title, root]) => {
        const section = (field) => operationSection(field, examples.of(root, field), markdown);
        const fields = Object.values(root.getFields()).sort(byName);
        return [title, fields.map((field) => ({ name: field.name, html: section(field) }))];
    }),
    ...Object.entries(KINDS).map(([title, kind]) => {
        const section = (type) => typeSection(schema, type, types, roots, markdown);
        const ofKind = types.filter((type) => type.constructor.name === kind);
        return [title, ofKind.map((type) => ({ name: type.name, html: section(type) }))];
    }),
    ["Directives", directives.map((each) => ({ name: `@${each.name}`, html: directiveSection(each, markdown) }))],
];

const navigation = groups.map(
    ([title, entries]) => `<h2>${title}</h2><ul>${entries
        .map(({ name }) => `<li><a href="#${escape(name)}">${escape(name)}</a></li>`)
        .join("")}</ul>`,
);
const sections = groups.flatMap(([title, entries]) => [
    `<h1 class="group">${title}</h1>`,
    ...entries.map(({ name, html }) => `<section id="${escape(name)}">${html}</section>`),
]);
const parts = {
    style: read("style.css"),
    script: read("search.js"),
    introduction: markdown.block(read("introduction.md")),
    navigation: navigation.join("\n"),
    sections: sections.join("\n"),
};
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/index.html`, read("page.html").replace(/\{\{(\w+)\}\}/g, (_, part) => parts[part]));
const count = groups.reduce((sum, [, entries]) => sum + entries.length, 0);
console.log(`${folder}/index.html describes ${count} operations, types and directives.`);
