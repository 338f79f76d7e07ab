import { sum } from "./decimal";
import type { Money } from "./rows";

/** Returns the sum for each currency. Amounts of different currencies are never added. */
export function sumByCurrency(amounts: Money[]): Money[] {
    const currencies = [...new Set(amounts.map(({ currency }) => currency))];
    return currencies.map((currency) => ({
        currency,
        amount: sum(amounts.filter((money) => money.currency === currency).map(({ amount }) => amount)),
    }));
}
