import { Trans } from "@lingui/react/macro";
import { formatDay } from "./format";
import { Lines } from "./Lines";
import type { Quote, Seller } from "./queries";
import classes from "./Sheet.module.css";
import { SheetPage } from "./SheetPage";
import { Totals } from "./Totals";

/** A quote that cannot be changed any more. */
export function QuoteSheet({ quote, seller }: { quote: Quote; seller: Seller | null | undefined }) {
    const { title, lines, note, issuedOn, validUntil } = quote;
    return (
        <SheetPage
            kind={<Trans>Quote</Trans>}
            sheet={quote}
            seller={seller}
            dates={[
                [<Trans>Issued on</Trans>, issuedOn && formatDay(issuedOn)],
                [<Trans>Valid until</Trans>, validUntil && formatDay(validUntil)],
            ]}
            title={<h2 className={classes.title}>{title}</h2>}
        >
            <Lines lines={lines} />
            <Totals sheet={quote} />
            {note && <p className={classes.note}>{note}</p>}
        </SheetPage>
    );
}
