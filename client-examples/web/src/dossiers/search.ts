const STATUSES = ["PROSPECT", "ACTIVE", "PAUSED", "ARCHIVED"] as const;
const ORDERS = ["NAME_ASC", "UPDATED_AT_DESC", "CREATED_AT_DESC"] as const;

export interface ClientsSearch {
    search?: string;
    status?: (typeof STATUSES)[number];
    order?: (typeof ORDERS)[number];
}

const oneOf = <Value extends string>(values: readonly Value[], value: unknown) => values.find((known) => known === value);

export function validateClientsSearch({ search, status, order }: Record<string, unknown>): ClientsSearch {
    const [knownStatus, knownOrder] = [oneOf(STATUSES, status), oneOf(ORDERS, order)];
    return {
        ...(typeof search === "string" && search && { search }),
        ...(knownStatus && { status: knownStatus }),
        ...(knownOrder && { order: knownOrder }),
    };
}
