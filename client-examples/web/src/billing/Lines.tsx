import { Trans } from "@lingui/react/macro";
import { formatMoney } from "../text/format";
import { formatQuantity, formatRate } from "./format";
import type { Sheet } from "./queries";
import classes from "./Sheet.module.css";

/** The lines of an issued document. */
export const Lines = ({ lines }: { lines: Sheet["lines"] }) => (
    <table className={classes.lines}>
        <thead>
            <tr className={`${classes.row} ${classes.titles}`}>
                <LineTitles />
            </tr>
        </thead>
        <tbody>
            {lines.map(({ position, description, quantity, unitPrice, vatRate, netAmount }) => (
                <tr key={position} className={classes.row}>
                    <td>{description}</td>
                    <td>{formatQuantity(quantity)}</td>
                    <td>{formatMoney(unitPrice)}</td>
                    <td>{formatRate(vatRate)}</td>
                    <td>{formatMoney(netAmount)}</td>
                </tr>
            ))}
        </tbody>
    </table>
);

const LineTitles = () => (
    <>
        <th scope="col">
            <Trans>Description</Trans>
        </th>
        <th scope="col">
            <Trans>Quantity</Trans>
        </th>
        <th scope="col">
            <Trans>Unit price</Trans>
        </th>
        <th scope="col">
            <Trans>VAT</Trans>
        </th>
        <th scope="col">
            <Trans>Amount</Trans>
        </th>
    </>
);
