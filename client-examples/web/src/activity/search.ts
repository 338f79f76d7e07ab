const KINDS = ["requests", "files", "messages", "money"] as const;

export interface ActivitySearch {
    /** The kind of the subjects. The default is all. */
    about?: (typeof KINDS)[number];
}

export function validateActivitySearch({ about }: Record<string, unknown>): ActivitySearch {
    const known = KINDS.find((name) => name === about);
    return known ? { about: known } : {};
}
