import { Trans } from "@lingui/react/macro";
import { formatDay } from "./format";
import { Lines } from "./Lines";
import type { Invoice, Seller } from "./queries";
import classes from "./Sheet.module.css";
import { SheetPage } from "./SheetPage";
import { Balance, Totals } from "./Totals";

/** An invoice that cannot be changed any more. */
export function InvoiceSheet({ invoice, seller }: { invoice: Invoice; seller: Seller | null | undefined }) {
    const { title, lines, note, issuedOn, dueOn } = invoice;
    return (
        <SheetPage
            kind={<Trans>Invoice</Trans>}
            sheet={invoice}
            seller={seller}
            dates={[
                [<Trans>Issued on</Trans>, issuedOn && formatDay(issuedOn)],
                [<Trans>Due on</Trans>, dueOn && formatDay(dueOn)],
            ]}
            title={<h2 className={classes.title}>{title}</h2>}
        >
            <Lines lines={lines} />
            <Totals sheet={invoice}>
                <Balance invoice={invoice} />
            </Totals>
            {note && <p className={classes.note}>{note}</p>}
        </SheetPage>
    );
}
