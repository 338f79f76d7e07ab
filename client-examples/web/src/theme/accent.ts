const ACCENTS = ["indigo", "teal", "grape", "blue", "violet", "cyan"] as const;

/** Returns the accent of an organization. All accents have enough contrast in both schemes. */
export function accentOf(slug: string) {
    const sum = [...slug].reduce((total, letter) => total + letter.charCodeAt(0), 0);
    return ACCENTS[sum % ACCENTS.length]!;
}
