const KINDS = ["quotes", "creditNotes"] as const;
const STATES = ["overdue", "draft", "paid", "accepted", "refused", "all"] as const;
const ORDERS = ["CREATED_AT_DESC", "DUE_ON_ASC", "NUMBER_DESC", "TOTAL_DESC"] as const;

export type MoneyOrder = (typeof ORDERS)[number];

export interface MoneySearch {
    /** The default is invoices. */
    kind?: (typeof KINDS)[number];
    /** The default is what waits: for money, or for an answer. */
    state?: (typeof STATES)[number];
    /** Part of the number, the title or the client. */
    search?: string;
    /** The default is the earliest day to pay for invoices that wait for money, and the newest draft for the others. */
    sort?: MoneyOrder;
    /** The invoices for which money was received in this month. */
    month?: string;
    client?: string;
    currency?: string;
}

const oneOf = <Value extends string>(values: readonly Value[], value: unknown) => values.find((known) => known === value);

export function validateMoneySearch({ kind, state, search, sort, month, client, currency }: Record<string, unknown>): MoneySearch {
    const [knownKind, knownState, knownOrder] = [oneOf(KINDS, kind), oneOf(STATES, state), oneOf(ORDERS, sort)];
    return {
        ...(knownKind && { kind: knownKind }),
        ...(knownState && { state: knownState }),
        ...(typeof search === "string" && search && { search }),
        ...(knownOrder && { sort: knownOrder }),
        ...(typeof month === "string" && /^\d{4}-\d{2}$/.test(month) && { month }),
        ...(typeof client === "string" && { client }),
        ...(typeof currency === "string" && /^[A-Z]{3}$/.test(currency) && { currency }),
    };
}

/** Returns the order in which a list is shown if none is chosen. */
export const defaultOrder = ({ kind, state }: MoneySearch): MoneyOrder =>
    !kind && (!state || state === "overdue") ? "DUE_ON_ASC" : "CREATED_AT_DESC";
