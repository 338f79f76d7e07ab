import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { InvoiceSheet } from "../billing/InvoiceSheet";
import type { Invoice, Seller } from "../billing/queries";
import { InvoiceStatus } from "../billing/StatusBadge";
import { CreditNotes } from "./CreditNotes";
import classes from "./Document.module.css";
import { DocumentBar } from "./DocumentBar";
import { PaymentDialog } from "./PaymentDialog";
import { Payments } from "./Payments";

/** An issued invoice with its payments and credit notes. */
export function IssuedInvoice({ invoice, seller }: { invoice: Invoice; seller: Seller | null | undefined }) {
    const { id, client, quote, viewerCan, payments, creditNotes } = invoice;
    const [opened, dialog] = useDisclosure();
    return (
        <>
            <DocumentBar client={client} status={<InvoiceStatus invoice={invoice} />}>
                {viewerCan.includes("CREATE_CREDIT_NOTE") && (
                    <Button
                        size="xs"
                        variant="default"
                        renderRoot={(props) => (
                            <Link to="/money/invoices/$invoiceId/credit" params={{ invoiceId: id }} search={(search: object) => search} {...props} />
                        )}
                    >
                        <Trans>Credit note</Trans>
                    </Button>
                )}
                {viewerCan.includes("RECORD_PAYMENT") && (
                    <Button size="xs" onClick={dialog.open}>
                        <Trans>Record a payment</Trans>
                    </Button>
                )}
            </DocumentBar>
            <div className={classes.desk}>
                <InvoiceSheet invoice={invoice} seller={seller} />
                <Payments payments={payments.nodes} more={payments.pageInfo.hasNextPage} />
                <CreditNotes creditNotes={creditNotes.nodes} />
                {quote && (
                    <section className={classes.beside}>
                        <div className={classes.entries}>
                            <Link to="/money/quotes/$quoteId" params={{ quoteId: quote.id }} search={(search: object) => search} className={classes.entry}>
                                <Trans>From the quote {quote.number}</Trans>
                            </Link>
                        </div>
                    </section>
                )}
            </div>
            {opened && <PaymentDialog invoice={invoice} onClose={dialog.close} />}
        </>
    );
}
