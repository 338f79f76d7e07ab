import { compare } from "../billing/decimal";
import type { Money } from "../billing/rows";
import type { MoneyOrder } from "./search";

interface Row {
    number: string | null;
    createdAt: string;
    total: Money;
    dueOn?: string | null;
    validUntil?: string | null;
}

const dayOf = ({ dueOn, validUntil }: Row) => dueOn ?? validUntil ?? null;

/** Compares texts. Rows without one come last. */
const byText = (a: string | null, b: string | null) =>
    a === null || b === null ? Number(a === null) - Number(b === null) : a.localeCompare(b, undefined, { numeric: true });

const ORDERS: Record<MoneyOrder, (a: Row, b: Row) => number> = {
    CREATED_AT_DESC: (a, b) => b.createdAt.localeCompare(a.createdAt),
    DUE_ON_ASC: (a, b) => byText(dayOf(a), dayOf(b)),
    NUMBER_DESC: (a, b) => byText(b.number, a.number),
    TOTAL_DESC: (a, b) => compare(b.total.amount, a.total.amount),
};

/** Returns the rows in the order of the server. New rows stand at the end of the cached list. */
export const sortRows = <Item extends Row>(rows: Item[], order: MoneyOrder) => [...rows].sort(ORDERS[order]);
