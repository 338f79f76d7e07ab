import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CreditNoteSheet } from "../billing/CreditNoteSheet";
import type { CreditNote, Seller } from "../billing/queries";
import { CreditNoteStatus } from "../billing/StatusBadge";
import classes from "./Document.module.css";
import { DocumentBar } from "./DocumentBar";

/** A credit note that the viewer cannot change, with its invoice. */
export const IssuedCreditNote = ({ creditNote, seller }: { creditNote: CreditNote; seller: Seller | null | undefined }) => (
    <>
        <DocumentBar client={creditNote.client} status={<CreditNoteStatus creditNote={creditNote} />} />
        <div className={classes.desk}>
            <CreditNoteSheet creditNote={creditNote} seller={seller} />
            <CreditedInvoice creditNote={creditNote} />
        </div>
    </>
);

/** The link to the invoice that a credit note corrects. */
export const CreditedInvoice = ({ creditNote: { invoice } }: { creditNote: CreditNote }) =>
    invoice && (
        <section className={classes.beside}>
            <div className={classes.entries}>
                <Link to="/money/invoices/$invoiceId" params={{ invoiceId: invoice.id }} search={(search: object) => search} className={classes.entry}>
                    <Trans>Invoice {invoice.number}</Trans>
                </Link>
            </div>
        </section>
    );
