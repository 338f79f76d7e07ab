import { Trans } from "@lingui/react/macro";
import { formatDay } from "./format";
import { Lines } from "./Lines";
import type { CreditNote, Seller } from "./queries";
import classes from "./Sheet.module.css";
import { SheetPage } from "./SheetPage";
import { Totals } from "./Totals";

/** A credit note as it was issued, or its draft as it will be. */
export function CreditNoteSheet({ creditNote, seller }: { creditNote: CreditNote; seller: Seller | null | undefined }) {
    const { title, lines, note, issuedOn, invoice } = creditNote;
    return (
        <SheetPage
            kind={<Trans>Credit note</Trans>}
            sheet={creditNote}
            seller={seller}
            dates={[
                [<Trans>Issued on</Trans>, issuedOn ? formatDay(issuedOn) : "–"],
                [<Trans>For invoice</Trans>, invoice?.number],
            ]}
            title={<h2 className={classes.title}>{title}</h2>}
        >
            <Lines lines={lines} />
            <Totals sheet={creditNote} />
            {note && <p className={classes.note}>{note}</p>}
        </SheetPage>
    );
}
