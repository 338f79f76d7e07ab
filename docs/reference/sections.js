// The parts of the page: operations, types and directives.
import { astFromValue, getNamedType, isInputType, print } from "graphql";
import { escape, typeLink } from "./text.js";

/** Returns the directives of a field, such as `@visibleTo(roles: [OWNER])`. Deprecation has a text of its own. */
function guards({ astNode }) {
    return (astNode?.directives ?? [])
        .filter(({ name }) => !["deprecated", "specifiedBy"].includes(name.value))
        .map((directive) => `<a class="guard" href="#@${directive.name.value}">${escape(print(directive))}</a>`)
        .join(" ");
}

function deprecation({ deprecationReason }, markdown) {
    if (!deprecationReason) return "";
    return `<div class="deprecated"><strong>Deprecated.</strong> ${markdown.block(deprecationReason)}</div>`;
}

function defaultOf({ type, defaultValue }) {
    if (defaultValue === undefined) return "";
    return ` <code>= ${escape(print(astFromValue(defaultValue, type)))}</code>`;
}

/** Returns a table of fields, arguments or enum values. `anchor` begins the ids of the rows. */
function table(title, rows, markdown, anchor) {
    if (rows.length === 0) return "";
    const cells = rows.map((row) => {
        const id = anchor ? ` id="${anchor}.${row.name}"` : "";
        const type = row.type ? ` ${typeLink(row.type)}` : "";
        const text = `${markdown.block(row.description)}${deprecation(row, markdown)}`;
        const args = row.args?.length ? table("", row.args, markdown) : "";
        const nested = args && `<details><summary>Arguments</summary>${args}</details>`;
        return `<tr${id}><th scope="row"><code>${row.name}</code>${type}${row.type ? defaultOf(row) : ""}</th>
            <td>${guards(row)}${text}${nested}</td></tr>`;
    });
    return `${title && `<h3>${title}</h3>`}<table>${cells.join("\n")}</table>`;
}

/** Returns the arguments of an operation. Mutations have one, whose fields say more. */
function argumentTables({ name, args }, markdown) {
    const [argument] = args;
    if (argument?.name !== "input") return table("Arguments", args, markdown, name);
    return table(`Input ${typeLink(argument.type)}`, Object.values(getNamedType(argument.type).getFields()), markdown);
}

export function operationSection(field, example, markdown) {
    const variables = Object.keys(example.variables).length
        ? `<h4>Variables</h4><pre>${escape(JSON.stringify(example.variables, null, 4))}</pre>`
        : "";
    return `<h2>${field.name}</h2>
        ${guards(field)}${markdown.block(field.description)}${deprecation(field, markdown)}
        <p>Returns ${typeLink(field.type)}</p>
        ${argumentTables(field, markdown)}
        <h3>Example</h3><pre>${escape(example.text)}</pre>${variables}`;
}

/** Returns links to the fields that return this type, and to the arguments that take it. */
function uses(type, types, roots) {
    const places = [];
    for (const owner of [...Object.values(roots), ...types]) {
        for (const field of Object.values(owner.getFields?.() ?? {})) {
            const used = [field, ...(field.args ?? [])].some((place) => getNamedType(place.type) === type);
            if (used) places.push(Object.values(roots).includes(owner) ? field.name : `${owner.name}.${field.name}`);
        }
    }
    if (places.length === 0) return "";
    const shown = places.map((place) => `<a href="#${place}"><code>${place}</code></a>`);
    return `<p class="uses">Used by ${shown.join(", ")}</p>`;
}

const links = (title, types) => (types.length ? `<p>${title} ${types.map(typeLink).join(", ")}</p>` : "");

export function typeSection(schema, type, types, roots, markdown) {
    const kind = type.constructor.name.replace(/^GraphQL|Type$/g, "").replace("InputObject", "input").toLowerCase();
    const fields = type.getFields ? Object.values(type.getFields()) : [];
    const specification = type.specifiedByURL;
    return `<h2>${type.name} <small>${kind}</small></h2>
        ${guards(type)}${markdown.block(type.description)}
        ${specification ? `<p>Specification: <a href="${escape(specification)}">${escape(specification)}</a></p>` : ""}
        ${links("Implements", type.getInterfaces?.() ?? [])}
        ${links("Possible types:", kind === "union" || kind === "interface" ? schema.getPossibleTypes(type) : [])}
        ${table(isInputType(type) && fields.length ? "Input fields" : "Fields", fields, markdown, type.name)}
        ${table("Values", type.getValues?.() ?? [], markdown, type.name)}
        ${uses(type, types, roots)}`;
}

export function directiveSection(directive, markdown) {
    return `<h2>@${directive.name}</h2>
        ${markdown.block(directive.description)}
        <p>On ${directive.locations.map((location) => `<code>${location}</code>`).join(", ")}</p>
        ${table("Arguments", directive.args, markdown, `@${directive.name}`)}`;
}
