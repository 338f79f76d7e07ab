// Fails if the app uses a component whose styles `src/theme/mantine.css` does not import.
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** The components that a component itself consists of. */
const PARTS = {
    MultiSelect: ["Combobox", "Input", "Pill", "PillsInput"],
    NativeSelect: ["Input"],
    Select: ["Combobox", "Input"],
    Textarea: ["Input"],
    TextInput: ["Input"],
};

const imported = new Set(readFileSync("src/theme/mantine.css", "utf8").match(/(?<=styles\/)\w+(?=\.css)/g));
const files = readdirSync("src", { recursive: true }).filter((path) => path.endsWith(".tsx"));
const used = files.flatMap((path) => {
    const [, names = ""] = /import \{([^}]*)\} from "@mantine\/core"/.exec(readFileSync(`src/${path}`, "utf8")) ?? [];
    return names.split(",").map((name) => name.trim());
});
const missing = [...new Set(used.flatMap((name) => [name, ...(PARTS[name] ?? [])]))].filter(
    (name) => existsSync(`node_modules/@mantine/core/styles/${name}.css`) && !imported.has(name),
);
if (missing.length > 0) {
    console.error(`src/theme/mantine.css misses the styles of ${missing.join(", ")}`);
    process.exitCode = 1;
}
