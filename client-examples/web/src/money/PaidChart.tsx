import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useElementSize, useToggle } from "@mantine/hooks";
import { IconChartBar, IconTable } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { isZero } from "../billing/decimal";
import type { Money } from "../billing/rows";
import { formatMoney } from "../text/format";
import { numberFormat } from "../text/intl";
import { formatMonth } from "./months";
import classes from "./Overview.module.css";
import { PaidTable } from "./PaidTable";
import type { MoneySearch } from "./search";

const route = getRouteApi("/app/hub/money");

const HEIGHT = 168;
const BASE = HEIGHT - 22;
const TOP = 20;

export interface Bar {
    month: string;
    received: Money;
}

interface Props {
    /** Twelve months, the current one last. */
    bars: Bar[];
    /** The amount still due in the current month. */
    expected: Money;
    currency: string;
}

// A bar's height is only a picture. Amounts themselves are never computed as floating-point numbers.
const lengthOf = ({ amount }: Money) => Math.max(0, Number(amount));

const compact = ({ amount }: Money) =>
    numberFormat({ notation: "compact", maximumFractionDigits: 1 }).format(amount as unknown as number);

/** The amounts received in each month. A click shows the invoices behind a bar. */
export function PaidChart({ bars, expected, currency }: Props) {
    const { t } = useLingui();
    const { month: selected } = route.useSearch();
    const [view, toggle] = useToggle(["chart", "table"] as const);
    const { ref, width } = useElementSize();
    const max = Math.max(...bars.map(({ received }) => lengthOf(received)), lengthOf(bars.at(-1)!.received) + lengthOf(expected), 1);
    const step = width / bars.length;
    const barWidth = Math.min(step * 0.64, 44);
    const scale = (length: number) => (length / max) * (BASE - TOP);
    const last = bars.length - 1;
    return (
        <figure className={classes.chart}>
            <figcaption className={classes.caption}>
                <span className={classes.name}>
                    <Trans>Received per month ({currency})</Trans>
                </span>
                {!isZero(expected.amount) && view === "chart" && (
                    <span className={classes.legend}>
                        <svg width={12} height={12} aria-hidden>
                            <rect width={12} height={12} rx={2} className={classes.expected} />
                        </svg>
                        <Trans>still due this month: {formatMoney(expected)}</Trans>
                    </span>
                )}
                <Button
                    size="compact-xs"
                    variant="subtle"
                    color="gray"
                    leftSection={view === "chart" ? <IconTable size={14} /> : <IconChartBar size={14} />}
                    onClick={() => toggle()}
                >
                    {view === "chart" ? <Trans>Show as a table</Trans> : <Trans>Show as a chart</Trans>}
                </Button>
            </figcaption>
            {view === "table" ? (
                <PaidTable bars={bars} expected={expected} />
            ) : (
                <div ref={ref}>
                    <svg width={width} height={HEIGHT} className={classes.svg}>
                        <defs>
                            <pattern id="expected" width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                                <rect width={6} height={6} className={classes.ground} />
                                <rect width={2} height={6} className={classes.stripe} />
                            </pattern>
                        </defs>
                        <line x1={0} x2={width} y1={BASE + 0.5} y2={BASE + 0.5} className={classes.axis} />
                        {bars.map(({ month, received }, index) => {
                            const x = index * step + (step - barWidth) / 2;
                            const height = scale(lengthOf(received));
                            const more = index === last ? scale(lengthOf(expected)) : 0;
                            const name = formatMonth(month);
                            const label = formatMonth(month, step >= 44 ? "short" : "narrow");
                            const value = step >= 44 && height > 0 ? compact(received) : "";
                            return (
                                <Link
                                    key={month}
                                    to="/money"
                                    search={(now: MoneySearch) => ({ ...(now.currency && { currency: now.currency }), month })}
                                    className={classes.bar}
                                    data-selected={month === selected}
                                    // Begins with the text of the bar, which people who speak their commands see.
                                    aria-label={`${value} ${label}, ${t`${name}: ${formatMoney(received)} received`}`.trim()}
                                >
                                    <rect x={index * step} y={0} width={step} height={HEIGHT} rx={6} className={classes.target} />
                                    {more > 0 && <rect x={x} y={BASE - height - more} width={barWidth} height={more} rx={3} className={classes.expected} />}
                                    <rect x={x} y={BASE - height} width={barWidth} height={height} rx={3} className={classes.received} />
                                    {value && (
                                        <text x={x + barWidth / 2} y={BASE - height - more - 6} className={classes.value}>
                                            {value}
                                        </text>
                                    )}
                                    {/* Separates the texts, which are read as one. */ " "}
                                    <text x={x + barWidth / 2} y={HEIGHT - 6} className={classes.month}>
                                        {label}
                                    </text>
                                </Link>
                            );
                        })}
                    </svg>
                </div>
            )}
        </figure>
    );
}
