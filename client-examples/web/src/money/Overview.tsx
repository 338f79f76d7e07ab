import { Trans, useLingui } from "@lingui/react/macro";
import { SegmentedControl, Skeleton, Text } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { sumByCurrency } from "../billing/sums";
import type { Money } from "../billing/rows";
import { ErrorState } from "../states/ErrorState";
import { formatMoney } from "../text/format";
import { useViewer } from "../viewer/ViewerContext";
import { PaidChart } from "./PaidChart";
import classes from "./Overview.module.css";
import type { MoneySearch } from "./search";
import { useReceived } from "./useReceived";
import { useUnpaid } from "./useUnpaid";

const route = getRouteApi("/app/hub/money");

/** The amounts due and overdue, and those received in each month. */
export function Overview() {
    const { t } = useLingui();
    const { currency: chosen } = route.useSearch();
    const navigate = useNavigate();
    const own = useViewer().organization!.currency;
    const { invoices, isComplete, error, retry } = useUnpaid();
    const received = useReceived();
    if (error && !invoices) return <ErrorState error={error} onRetry={retry} />;
    if (received.error) return <ErrorState error={received.error} onRetry={received.retry} />;
    if (!invoices || !isComplete || received.isLoading) return <Skeleton h={312} m={16} w="auto" radius={12} />;

    const month = received.months.at(-1)!;
    const due = sumByCurrency(invoices.map(({ amountDue }) => amountDue));
    const overdue = sumByCurrency(invoices.filter((invoice) => invoice.overdue).map(({ amountDue }) => amountDue));
    const byMonth = received.months.map((name) => ({ month: name, received: received.receivedIn(name) }));
    const expected = sumByCurrency(invoices.filter(({ dueOn }) => dueOn?.startsWith(month)).map(({ amountDue }) => amountDue));
    const known = new Set([own, ...due.map(({ currency }) => currency), ...byMonth.flatMap((bar) => bar.received.map(({ currency }) => currency))]);
    const currency = chosen && known.has(chosen) ? chosen : own;
    const of = (sums: Money[]) => sums.find((money) => money.currency === currency) ?? { currency, amount: "0" };
    return (
        <section className={classes.overview} aria-label={t`Overview`}>
            {known.size > 1 && (
                <SegmentedControl
                    size="xs"
                    aria-label={t`Currency`}
                    value={currency}
                    onChange={(value) => void navigate({ to: ".", search: (now: MoneySearch) => ({ ...now, currency: value }), replace: true })}
                    data={[...known]}
                    className={classes.currencies}
                />
            )}
            <div className={classes.figures}>
                <Figure label={<Trans>Receivable</Trans>} money={of(due)} search={{}} />
                <Figure label={<Trans>Overdue</Trans>} money={of(overdue)} search={{ state: "overdue" }} overdue />
                <Figure label={<Trans>Received this month</Trans>} money={of(byMonth.at(-1)!.received)} search={{ month }} />
            </div>
            <PaidChart
                bars={byMonth.map((bar) => ({ month: bar.month, received: of(bar.received) }))}
                expected={of(expected)}
                currency={currency}
            />
            {received.isPartial && (
                <Text fz={12} c="dimmed">
                    <Trans>Only the first 10 payments of an invoice are counted here.</Trans>
                </Text>
            )}
        </section>
    );
}

interface FigureProps {
    label: ReactNode;
    money: Money;
    search: MoneySearch;
    overdue?: boolean;
}

/** A sum. A click shows its invoices. */
const Figure = ({ label, money, search, overdue = false }: FigureProps) => (
    <Link
        to="/money"
        search={({ currency }: MoneySearch) => ({ ...search, ...(currency && { currency }) })}
        className={classes.figure}
        data-overdue={overdue && !/^[0.]+$/.test(money.amount)}
    >
        <span className={classes.label}>{label}</span>
        <span className={`figures ${classes.sum}`}>{formatMoney(money)}</span>
    </Link>
);
