import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { formatDay } from "../billing/format";
import type { QuoteRow } from "../billing/rows";
import { QuoteStatus } from "../billing/StatusBadge";
import { formatMoney } from "../text/format";
import classes from "./Money.module.css";
import { MoneyRow } from "./MoneyRow";

interface Props {
    quote: QuoteRow;
    selected?: boolean;
    hideClient?: boolean;
    search?: object;
}

/** A quote in a list of the hub. */
export function QuoteLink({ quote, selected = false, hideClient = false, search }: Props) {
    const { id, number, title, client, validUntil, total } = quote;
    return (
        <Link
            to="/money/quotes/$quoteId"
            params={{ quoteId: id }}
            search={search ?? ((now: object) => now)}
            className={classes.row}
            data-selected={selected}
        >
            <MoneyRow
                number={number}
                title={title}
                client={hideClient ? undefined : client?.name}
                day={validUntil && <Trans>valid until {formatDay(validUntil)}</Trans>}
                status={<QuoteStatus quote={quote} />}
                amount={formatMoney(total)}
            />
        </Link>
    );
}
