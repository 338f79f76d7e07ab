import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { SegmentedControl, Skeleton, Text } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Money } from "../billing/rows";
import { ErrorState } from "../states/ErrorState";
import { formatMoney } from "../text/format";
import { useViewer } from "../viewer/ViewerContext";
import { PaidChart } from "./PaidChart";
import classes from "./Overview.module.css";
import type { MoneySearch } from "./search";
import { useReceived } from "./useReceived";
import { useTotals } from "./useTotals";

const route = getRouteApi("/app/hub/money");

/** The amounts due and overdue, and those received in each month. */
export function Overview() {
    const { t } = useLingui();
    const { currency: chosen } = route.useSearch();
    const navigate = useNavigate();
    const own = useViewer().organization!.currency;
    const received = useReceived();
    const month = received.months.at(-1)!;
    const { totals, error, retry } = useTotals(month);
    if (error && !totals) return <ErrorState error={error} onRetry={retry} />;
    if (received.error) return <ErrorState error={received.error} onRetry={received.retry} />;
    if (!totals || received.isLoading) return <Skeleton h={312} m={16} w="auto" radius={12} />;

    const byMonth = received.months.map((name) => ({ month: name, received: received.receivedIn(name) }));
    const known = new Set([own, ...totals.unpaid.map(({ currency }) => currency), ...byMonth.flatMap((bar) => bar.received.map(({ currency }) => currency))]);
    const currency = chosen && known.has(chosen) ? chosen : own;
    const unpaid = totals.unpaid.find((sums) => sums.currency === currency);
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
                <Figure label={<Trans>Receivable</Trans>} money={unpaid?.due ?? of([])} search={{}}>
                    <Plural value={unpaid?.count ?? 0} _0="No invoice" one="# invoice" other="# invoices" />
                </Figure>
                <Figure label={<Trans>Overdue</Trans>} money={unpaid?.overdue ?? of([])} search={{ state: "overdue" }} overdue>
                    <Plural value={unpaid?.overdueCount ?? 0} _0="No invoice" one="# invoice" other="# invoices" />
                </Figure>
                <Figure label={<Trans>Received this month</Trans>} money={of(byMonth.at(-1)!.received)} search={{ month }} />
            </div>
            <PaidChart
                bars={byMonth.map((bar) => ({ month: bar.month, received: of(bar.received) }))}
                expected={of(totals.expected.map(({ due }) => due))}
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
    /** The number of its invoices. */
    children?: ReactNode;
}

/** A sum. A click shows its invoices. */
const Figure = ({ label, money, search, overdue = false, children }: FigureProps) => (
    <Link
        to="/money"
        search={({ currency }: MoneySearch) => ({ ...search, ...(currency && { currency }) })}
        className={classes.figure}
        data-overdue={overdue && !/^[0.]+$/.test(money.amount)}
    >
        <span className={classes.label}>{label}</span>
        <span className={`figures ${classes.sum}`}>{formatMoney(money)}</span>
        {children && <span className={`figures ${classes.count}`}>{children}</span>}
    </Link>
);
