import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { isZero } from "../billing/decimal";
import type { Money } from "../billing/rows";
import { formatMoney } from "../text/format";
import { formatMonth } from "./months";
import classes from "./Overview.module.css";
import type { Bar } from "./PaidChart";
import type { MoneySearch } from "./search";

/** The bars of the chart in words and numbers. */
export const PaidTable = ({ bars, expected }: { bars: Bar[]; expected: Money }) => (
    <table className={classes.table}>
        <thead>
            <tr>
                <th scope="col">
                    <Trans>Month</Trans>
                </th>
                <th scope="col">
                    <Trans>Received</Trans>
                </th>
            </tr>
        </thead>
        <tbody>
            {[...bars].reverse().map(({ month, received }) => (
                <tr key={month}>
                    <th scope="row">
                        <Link to="/money" search={(now: MoneySearch) => ({ ...(now.currency && { currency: now.currency }), month })}>
                            {formatMonth(month)}
                        </Link>
                    </th>
                    <td>{formatMoney(received)}</td>
                </tr>
            ))}
            {!isZero(expected.amount) && (
                <tr>
                    <th scope="row">
                        <Trans>Still due this month</Trans>
                    </th>
                    <td>{formatMoney(expected)}</td>
                </tr>
            )}
        </tbody>
    </table>
);
