const KINDS = ["quotes", "creditNotes"] as const;
const STATES = ["overdue", "draft", "paid", "accepted", "refused", "all"] as const;

export interface MoneySearch {
    /** The default is invoices. */
    kind?: (typeof KINDS)[number];
    /** The default is what waits: for money, or for an answer. */
    state?: (typeof STATES)[number];
    /** The invoices for which money was received in this month. */
    month?: string;
    client?: string;
    currency?: string;
}

const oneOf = <Value extends string>(values: readonly Value[], value: unknown) => values.find((known) => known === value);

export function validateMoneySearch({ kind, state, month, client, currency }: Record<string, unknown>): MoneySearch {
    const [knownKind, knownState] = [oneOf(KINDS, kind), oneOf(STATES, state)];
    return {
        ...(knownKind && { kind: knownKind }),
        ...(knownState && { state: knownState }),
        ...(typeof month === "string" && /^\d{4}-\d{2}$/.test(month) && { month }),
        ...(typeof client === "string" && { client }),
        ...(typeof currency === "string" && /^[A-Z]{3}$/.test(currency) && { currency }),
    };
}
