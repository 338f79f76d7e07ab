// Finds names first, then text. The page itself is the index.
const input = document.getElementById("search");
const results = document.getElementById("results");
const contents = document.getElementById("contents");
const MAX = 60;

let index;
const entries = () =>
    (index ??= [...document.querySelectorAll("main section, main tr[id]")].map((element) => ({
        name: element.id,
        lower: element.id.toLowerCase(),
        text: (element.matches("tr") ? element : element.querySelector("p"))?.textContent.toLowerCase() ?? "",
    })));

/** Returns how well an entry matches: 0 is best, and -1 is no match. */
function rank({ lower, text }, words) {
    const [, last = lower] = lower.split(".");
    if (words.length === 1) {
        if (lower === words[0]) return 0;
        if (lower.startsWith(words[0])) return 1;
        if (last.startsWith(words[0])) return 2;
    }
    if (words.every((word) => lower.includes(word))) return 3;
    return words.every((word) => lower.includes(word) || text.includes(word)) ? 4 : -1;
}

input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    results.hidden = words.length === 0;
    contents.hidden = words.length > 0;
    if (words.length === 0) return;
    const ranked = entries().map((entry) => ({ ...entry, rank: rank(entry, words) }));
    const found = ranked.filter(({ rank }) => rank >= 0);
    found.sort((one, other) => one.rank - other.rank || one.name.length - other.name.length);
    results.replaceChildren(
        ...found.slice(0, MAX).map(({ name }) => {
            const item = document.createElement("li");
            const link = Object.assign(document.createElement("a"), { href: `#${name}`, textContent: name });
            item.append(link);
            return item;
        }),
    );
    if (found.length === 0) results.textContent = "Nothing found.";
});

addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== input) {
        event.preventDefault();
        input.select();
    } else if (event.key === "Enter" && document.activeElement === input) {
        results.querySelector("a")?.click();
    }
});
