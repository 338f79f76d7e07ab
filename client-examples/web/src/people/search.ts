const LISTS = ["clients", "invitations"] as const;

export interface PeopleSearch {
    /** The list: members of the agency by default. */
    show?: (typeof LISTS)[number];
}

export function validatePeopleSearch({ show }: Record<string, unknown>): PeopleSearch {
    const known = LISTS.find((list) => list === show);
    return known ? { show: known } : {};
}

export interface InviteSearch extends PeopleSearch {
    /** The dossier to which a client is invited. */
    dossier?: string;
}

export function validateInviteSearch({ dossier, ...search }: Record<string, unknown>): InviteSearch {
    return { ...validatePeopleSearch(search), ...(typeof dossier === "string" && { dossier }) };
}
