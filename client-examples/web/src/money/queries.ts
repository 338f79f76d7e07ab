import { creditNoteRow, invoiceRow, quoteRow, receivedPayments } from "../billing/rows";
import { graphql } from "../graphql/graphql";

export const QUOTES = graphql(
    `
        query Quotes($after: String, $filter: QuoteFilter, $orderBy: BillingOrder!) {
            quotes(first: 50, after: $after, filter: $filter, orderBy: $orderBy) {
                nodes { ...QuoteRow }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [quoteRow],
);

export const INVOICES = graphql(
    `
        query Invoices($after: String, $filter: InvoiceFilter, $orderBy: BillingOrder!) {
            invoices(first: 50, after: $after, filter: $filter, orderBy: $orderBy) {
                nodes { ...InvoiceRow }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [invoiceRow],
);

export const CREDIT_NOTES = graphql(
    `
        query CreditNotes($after: String, $filter: CreditNoteFilter, $orderBy: BillingOrder!) {
            creditNotes(first: 50, after: $after, filter: $filter, orderBy: $orderBy) {
                nodes { ...CreditNoteRow }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [creditNoteRow],
);

/** Issued invoices with their payments, last changed first. A payment changes its invoice. */
export const RECEIVED = graphql(
    `
        query Received($after: String) {
            invoices(first: 25, after: $after, filter: { status: [ISSUED, PARTIALLY_PAID, PAID] }, orderBy: UPDATED_AT_DESC) {
                nodes { ...InvoiceRow ...ReceivedPayments }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [invoiceRow, receivedPayments],
);
