const PAGES = ["documents", "requests", "messages", "invoices"] as const;

export type AsClientPageName = (typeof PAGES)[number];

/** The page of the portal that the preview shows. The default is its home. */
export interface AsClientSearch {
    page?: AsClientPageName;
    /** The opened conversation of the page `messages`. */
    conversation?: string;
}

export function validateAsClientSearch({ page, conversation }: Record<string, unknown>): AsClientSearch {
    const known = PAGES.find((name) => name === page);
    return {
        ...(known && { page: known }),
        ...(known === "messages" && typeof conversation === "string" && { conversation }),
    };
}
