// An example of each operation, which is valid in the schema.
import {
    getNamedType,
    getNullableType,
    getVariableValues,
    isAbstractType,
    isEnumType,
    isInputObjectType,
    isLeafType,
    isListType,
    isObjectType,
    isRequiredArgument,
    isRequiredInputField,
    parse,
    print,
    validate,
} from "graphql";

const SCALARS = {
    Boolean: true,
    ByteCount: 1024,
    Date: "2026-01-31",
    DateTime: "2026-01-31T09:30:00Z",
    Decimal: "120.00",
    Float: 1,
    Int: 1,
    String: "…",
};

/** The fields that say most about an object, if it has them. */
const SHOWN = "id name title subject number displayName status type url method cursor body amount".split(" ");
const SHOWN_OBJECTS = ["download", "events", "subject"];
const SELECTIONS = {
    PageInfo: ["hasNextPage", "endCursor"],
    UserError: ["code", "field", "message"],
};

export class Examples {
    #schema;
    /** The beginnings of global ids, such as `client` of `client_…`, by type. */
    #prefixes = new Map();

    constructor(schema) {
        this.#schema = schema;
        for (const type of Object.values(schema.getTypeMap())) {
            const description = isObjectType(type) && type.getFields().id?.description;
            const [, prefix] = /`(\w+)_…`/.exec(description) ?? [];
            if (prefix) this.#prefixes.set(type.name, prefix);
        }
    }

    /** Returns an example of a root field as the text of its operation and its variables. */
    of(root, field) {
        const operation = this.#operationOf(root);
        const shown = field.args.filter((argument) => isRequiredArgument(argument) || argument.name === "first");
        const declared = shown.map(({ name, type }) => `$${name}: ${type}`).join(", ");
        const passed = shown.map(({ name }) => `${name}: $${name}`).join(", ");
        const call = `${field.name}${passed && `(${passed})`} ${selectionOf(getNamedType(field.type), true)}`;
        const name = field.name[0].toUpperCase() + field.name.slice(1);
        const document = parse(`${operation} ${name}${declared && `(${declared})`} { ${call} }`);
        const variables = Object.fromEntries(shown.map((argument) => [argument.name, this.#valueOf(argument, field)]));
        this.#check(document, variables);
        return { text: print(document).replace(/^ +/gm, (indent) => indent + indent), variables };
    }

    #operationOf(root) {
        if (root === this.#schema.getQueryType()) return "query";
        return root === this.#schema.getMutationType() ? "mutation" : "subscription";
    }

    #check(document, variables) {
        const [{ variableDefinitions }] = document.definitions;
        const { errors = [] } = getVariableValues(this.#schema, variableDefinitions, variables);
        errors.push(...validate(this.#schema, document));
        if (errors.length > 0) throw new Error(`The example is not valid: ${errors[0].message}\n${print(document)}`);
    }

    #valueOf({ name, type }, field) {
        const nullable = getNullableType(type);
        if (isListType(nullable)) return [this.#valueOf({ name, type: nullable.ofType }, field)];
        if (isEnumType(nullable)) return nullable.getValues()[0].name;
        if (isInputObjectType(nullable)) return this.#inputOf(nullable, field);
        if (nullable.name === "ID") return this.#idOf(name, field);
        if (name === "first") return 20;
        return name === "email" ? "name@example.com" : SCALARS[nullable.name];
    }

    /** Returns the required fields. Without required fields, it returns the first ones. */
    #inputOf(type, field) {
        const fields = Object.values(type.getFields()).filter(({ deprecationReason }) => !deprecationReason);
        const required = fields.filter((each) => isRequiredInputField(each) || getNamedType(each.type).isOneOf);
        const shown = type.isOneOf ? fields.slice(0, 1) : required.length > 0 ? required : fields.slice(0, 2);
        return Object.fromEntries(shown.map((each) => [each.name, this.#valueOf(each, field)]));
    }

    /** Returns the beginning of an id: that of the type in its name, or in the result of the operation. */
    #idOf(name, field) {
        const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/_?id$/, "");
        const known = [...this.#prefixes.values()];
        const named = known.find((prefix) => prefix === snake) ?? known.find((prefix) => prefix.endsWith(`_${snake}`));
        if (snake && named) return `${named}_…`;
        const result = getNamedType(field.type);
        const types = [result, ...Object.values(result.getFields?.() ?? {}).map(({ type }) => getNamedType(type))];
        const returned = types.find((type) => this.#prefixes.has(type.name));
        return returned ? `${this.#prefixes.get(returned.name)}_…` : "…";
    }
}

/** Returns the most important fields of a type between braces. `isResult` is true for the type of an operation. */
function selectionOf(type, isResult = false) {
    if (isLeafType(type)) return "";
    if (isAbstractType(type)) return "{ __typename }";
    const fields = Object.values(type.getFields()).filter(
        ({ args, deprecationReason }) => !deprecationReason && !args.some(isRequiredArgument),
    );
    const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
    let selected = fields.filter((field) => isShown(type, field, isResult));
    if (selected.length === 0) selected = leaves.slice(0, 4);
    if (selected.length === 0) return "{ __typename }";
    return `{ ${selected.map(({ name, type }) => `${name} ${selectionOf(getNamedType(type))}`).join(" ")} }`;
}

function isShown({ name: owner }, { name, type }, isResult) {
    if (owner in SELECTIONS) return SELECTIONS[owner].includes(name);
    if (owner.endsWith("Connection")) return ["nodes", "pageInfo"].includes(name);
    if (owner.endsWith("Payload")) return true;
    return isLeafType(getNamedType(type)) ? SHOWN.includes(name) : isResult && SHOWN_OBJECTS.includes(name);
}
