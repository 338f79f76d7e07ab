import { Trans } from "@lingui/react/macro";
import { Fragment, type ReactNode } from "react";
import { formatMoney } from "../text/format";
import { isZero } from "./decimal";
import { formatRate } from "./format";
import type { Invoice, Sheet } from "./queries";
import type { Money } from "./rows";
import classes from "./Sheet.module.css";

interface Props {
    sheet: Sheet;
    /** Whether the amounts do not yet contain the last changes of a draft. */
    stale?: boolean;
    /** The amount still to be paid. */
    children?: ReactNode;
}

/** The totals where they stand on paper, with the VAT of each rate. The server computes them. */
export const Totals = ({ sheet, stale = false, children }: Props) => (
    <dl className={classes.totals} style={{ opacity: stale ? 0.45 : 1 }} aria-busy={stale}>
        <dt>
            <Trans>Total without VAT</Trans>
        </dt>
        <dd>{formatMoney(sheet.netTotal)}</dd>
        {sheet.vatBreakdown.map(({ rate, net, vat }) => (
            <Fragment key={rate}>
                <dt>
                    <Trans>
                        VAT {formatRate(rate)} on {formatMoney(net)}
                    </Trans>
                </dt>
                <dd>{formatMoney(vat)}</dd>
            </Fragment>
        ))}
        <dt className={classes.strong}>
            <Trans>Total with VAT</Trans>
        </dt>
        <dd className={classes.strong}>{formatMoney(sheet.total)}</dd>
        {children}
    </dl>
);

/** The amounts paid and credited of an issued invoice, and the rest. */
export function Balance({ invoice }: { invoice: Invoice }) {
    const { paidTotal, creditedTotal, amountDue, overdue } = invoice;
    if (isZero(paidTotal.amount) && isZero(creditedTotal.amount)) return null;
    return (
        <>
            <Subtracted label={<Trans>Paid</Trans>} money={paidTotal} />
            <Subtracted label={<Trans>Credited</Trans>} money={creditedTotal} />
            <dt className={classes.strong} data-overdue={overdue}>
                <Trans>Left to pay</Trans>
            </dt>
            <dd className={classes.strong} data-overdue={overdue}>
                {formatMoney(amountDue)}
            </dd>
        </>
    );
}

function Subtracted({ label, money }: { label: ReactNode; money: Money }) {
    if (isZero(money.amount)) return null;
    return (
        <>
            <dt>{label}</dt>
            <dd>{formatMoney({ ...money, amount: `-${money.amount}` })}</dd>
        </>
    );
}
