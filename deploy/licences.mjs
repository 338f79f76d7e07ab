// Prints the licences of all crates and packages that the program contains: `node deploy/licences.mjs TARGET`.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [target] = process.argv.slice(2);
const APP = "client-examples/web";
const LICENCE = /^(licen[cs]e|copying|copyright|notice|unlicense)/i;

const run = (command, ...parameters) => execFileSync(command, parameters, { encoding: "utf8", maxBuffer: 2 ** 28 });

/** The dependencies of the program, without those that only tests and build scripts use. */
function crates() {
    const options = ["--format-version=1", "--locked", `--filter-platform=${target}`];
    const { packages, resolve } = JSON.parse(run("cargo", "metadata", ...options));
    const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
    const found = new Set();
    const visit = (id) => {
        if (found.has(id)) return;
        found.add(id);
        const dependencies = nodes.get(id).deps.filter(({ dep_kinds }) => dep_kinds.some(({ kind }) => kind === null));
        for (const { pkg } of dependencies) visit(pkg);
    };
    visit(packages.find(({ name }) => name === "dossier").id);
    return packages
        .filter(({ id, source }) => source && found.has(id))
        .map(({ manifest_path, ...crate }) => ({ ...crate, kind: "crate", folder: dirname(manifest_path) }));
}

/** The dependencies of the web app, without those that only build it. */
function npmPackages() {
    const [, ...folders] = run("npm", "--prefix", APP, "ls", "--omit=dev", "--all", "--parseable").trim().split("\n");
    return folders.map((folder) => {
        const { name, version, license, repository, homepage } = JSON.parse(readFileSync(join(folder, "package.json")));
        return { name, version, license, repository: repository?.url ?? repository ?? homepage, kind: "npm", folder };
    });
}

/** The folder of the toolchain with the texts of common licences. */
const COMMON = join(run("rustc", "--print=sysroot").trim(), "share/doc/rust/licenses");

function standardLibrary() {
    const [, version] = run("rustc", "--version").split(" ");
    const repository = "https://github.com/rust-lang/rust";
    return { name: "std", version, license: "MIT OR Apache-2.0", repository, kind: "Rust" };
}

/** Returns the licence texts in the folder of a package. Without such texts, it returns those of the toolchain. */
function textsOf({ folder, license }) {
    const entries = folder && existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
    const own = entries.filter((file) => file.isFile() && LICENCE.test(file.name));
    let files = own.map(({ name }) => join(folder, name));
    if (files.length === 0) files = idsOf(license).map((id) => join(COMMON, `${id}.txt`));
    return files.filter(existsSync).map((file) => readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim());
}

/** Returns the SPDX identifiers in an expression such as `MIT OR Apache-2.0`. */
const idsOf = (expression = "") => expression.split(/\s*(?:\/|\b(?:AND|OR|WITH)\b|[()])\s*/).filter(Boolean);

const packages = [standardLibrary(), ...crates(), ...npmPackages()];
const owners = new Map();
console.log("Dossier contains the following software by others. The texts of their licences follow the list.\n");
for (const each of packages) {
    const name = `${each.name} ${each.version}`;
    const texts = textsOf(each);
    for (const text of texts) owners.set(text, [...(owners.get(text) ?? []), name]);
    const links = texts.length === 0 ? idsOf(each.license).map((id) => `https://spdx.org/licenses/${id}.html`) : [];
    console.log(`${name} (${each.kind}): ${each.license ?? "see its text"}`);
    for (const link of [each.repository, ...links].filter(Boolean)) console.log(`    ${link}`);
}
for (const [text, names] of owners) {
    console.log(`\n${"=".repeat(80)}\n${names.join(", ")}\n${"-".repeat(80)}\n${text}`);
}
