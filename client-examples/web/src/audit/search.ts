/** The filters in the address of the page. */
export interface AuditSearch {
    /** An action, or the key of a group of actions. */
    action?: string;
    outcome?: "SUCCEEDED" | "REFUSED";
    member?: string;
    /** The first day. */
    from?: string;
    /** The last day. */
    to?: string;
}

const day = (value: unknown) => (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined);

export function validateAuditSearch({ action, outcome, member, from, to }: Record<string, unknown>): AuditSearch {
    const [first, last] = [day(from), day(to)];
    return {
        ...(typeof action === "string" && { action }),
        ...((outcome === "SUCCEEDED" || outcome === "REFUSED") && { outcome }),
        ...(typeof member === "string" && { member }),
        ...(first && { from: first }),
        ...(last && { to: last }),
    };
}
