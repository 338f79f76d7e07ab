import { useMemo } from "react";
import { dayIn } from "../billing/format";
import { MAX_RECEIVED } from "../billing/rows";
import { sumByCurrency } from "../billing/sums";
import { useViewer } from "../viewer/ViewerContext";
import { useAllPages } from "../graphql/usePages";
import { lastMonths } from "./months";
import { RECEIVED } from "./queries";

const NO_VARIABLES = {};
const DAY = 24 * 60 * 60 * 1_000;

/**
 * Returns what was received in the last twelve months. The day of a payment is never after the last change of its
 * invoice, so that invoices which did not change since then are not needed.
 */
export function useReceived() {
    const today = dayIn(useViewer().organization!.timeZone);
    const months = useMemo(() => lastMonths(today), [today]);
    // A day more, because the first month may begin earlier than in UTC.
    const since = new Date(Date.parse(months[0]!) - DAY).toISOString();
    const { rows, isComplete, error, retry } = useAllPages(RECEIVED, NO_VARIABLES, ({ updatedAt }) => updatedAt < since);
    const payments = useMemo(
        () =>
            rows?.flatMap((invoice) =>
                invoice.payments.nodes.flatMap(({ receivedOn, amount }) => (amount ? [{ month: receivedOn.slice(0, 7), amount, invoice }] : [])),
            ),
        [rows],
    );
    /** The sums of a month for each currency. Reversals are negative. */
    const receivedIn = (month: string) => sumByCurrency((payments ?? []).filter((payment) => payment.month === month).map(({ amount }) => amount));
    /** The invoices behind the sums of a month, with what was received for each. */
    const invoicesOf = (month: string) => {
        const inMonth = (payments ?? []).filter((payment) => payment.month === month);
        const invoices = [...new Set(inMonth.map(({ invoice }) => invoice))];
        return invoices.map((invoice) => ({
            invoice,
            received: sumByCurrency(inMonth.filter((payment) => payment.invoice === invoice).map(({ amount }) => amount))[0]!,
        }));
    };
    return {
        months,
        today,
        isLoading: !isComplete && !error,
        /** Whether an invoice may have more payments than were read. */
        isPartial: rows?.some((invoice) => invoice.payments.nodes.length === MAX_RECEIVED) ?? false,
        receivedIn,
        invoicesOf,
        error,
        retry,
    };
}
