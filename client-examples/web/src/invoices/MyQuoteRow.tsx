import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { formatDay } from "../billing/format";
import type { QuoteRow } from "../billing/rows";
import { QuoteStatus } from "../billing/StatusBadge";
import { formatMoney } from "../text/format";
import card from "../theme/Card.module.css";
import classes from "./MyInvoices.module.css";

/** A quote of the portal with its amount. */
export function MyQuoteRow({ quote }: { quote: QuoteRow }) {
    const { id, number, title, total, validUntil, status } = quote;
    return (
        <Link to="/portal/quotes/$quoteId" params={{ quoteId: id }} className={card.row}>
            <span className={card.text}>
                <span className={`truncate ${card.title}`}>{title}</span>
                <span className={card.meta}>
                    {status === "ISSUED" && validUntil ? <Trans>Quote, valid until {formatDay(validUntil)}</Trans> : <Trans>Quote {number}</Trans>}
                </span>
            </span>
            <span className={classes.end}>
                <span className={`figures ${card.title}`}>{formatMoney(total)}</span>
                <QuoteStatus quote={quote} />
            </span>
        </Link>
    );
}
