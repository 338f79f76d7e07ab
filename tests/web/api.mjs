// The people of a check over the API.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";

export const { URL: url = "http://127.0.0.1:4000" } = process.env;

/** The people with their passwords, by role. Null with the sample. */
export const PEOPLE = process.env.PEOPLE ? JSON.parse(process.env.PEOPLE) : null;

let sample;

/** Returns the person with a role: the first one of the sample, or that of `PEOPLE`. */
export async function personOf(role) {
    sample ??= PEOPLE
        ? Object.entries(PEOPLE).map(([key, person]) => ({ role: key.toUpperCase(), ...person }))
        : await (await fetch(`${url}/sample/people`)).json();
    const person = sample.find((each) => each.role === role.toUpperCase());
    assert.ok(person, `there is no ${role} among ${sample.map((each) => each.role)}`);
    return person;
}

async function post(path, body, headers = {}) {
    const response = await fetch(url + path, {
        method: "POST",
        headers: { "Content-Type": "application/json", Origin: url, ...headers },
        body: JSON.stringify(body),
    });
    assert.ok(response.ok, `${path} answers ${response.status}: ${await response.clone().text()}`);
    return response.json();
}

/** Returns a function that executes an operation as a person, and fails on every error. */
export async function signIn(role) {
    const { email, password } = await personOf(role);
    const token = PEOPLE ? await tokenOf(email, password) : (await post("/sample/sign-in", { email })).accessToken;
    return async (query, variables = {}) => {
        const { data, errors } = await post("/graphql", { query, variables }, { Authorization: `Bearer ${token}` });
        assert.equal(errors, undefined, `${query}: ${JSON.stringify(errors)}`);
        for (const payload of Object.values(data)) {
            assert.deepEqual(payload?.userErrors ?? [], [], `${query} of ${role} with ${JSON.stringify(variables)}`);
        }
        return data;
    };
}

async function tokenOf(email, password) {
    const query = `mutation ($input: SignInInput!) { signIn(input: $input) { accessToken userErrors { message } } }`;
    const { data } = await post("/graphql", { query, variables: { input: { email, password } } });
    assert.deepEqual(data.signIn.userErrors, []);
    return data.signIn.accessToken;
}

/** Returns the dossier of the client who is signed in. */
export async function dossierOf(client) {
    return (await client(`{ viewer { client { id name } } }`)).viewer.client;
}

/** Runs a mutation with one input and returns its payload. `fields` selects from the payload. */
export async function mutate(person, name, input, fields = "") {
    const type = `${name[0].toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code field message } } }`;
    return (await person(query, { input }))[name];
}

/** Uploads a new document, and returns it with its version. */
export async function upload(person, { clientId, zone, name, contentType = "text/plain", bytes }) {
    const content = Buffer.from(bytes);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const target = { newDocument: { clientId, zone, name } };
    const fields = "document { id } version { id } parts { method url offset size headers { name value } }";
    const input = { target, contentType, sha256, size: content.length };
    const { document, version, parts } = await mutate(person, "requestUpload", input, fields);
    for (const { method, url, offset, size, headers } of parts) {
        const response = await fetch(url, {
            method,
            headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
            body: content.subarray(offset, offset + size),
        });
        assert.ok(response.ok, `the store answers ${response.status}: ${await response.text()}`);
    }
    await mutate(person, "completeUpload", { versionId: version.id });
    return { documentId: document.id, versionId: version.id };
}
