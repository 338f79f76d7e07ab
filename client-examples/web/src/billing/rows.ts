import { graphql, type FragmentOf } from "../graphql/graphql";

/** The fields of a quote that lists show. */
export const quoteRow = graphql(`
    fragment QuoteRow on Quote {
        id
        number
        title
        status
        expired
        issuedOn
        validUntil
        createdAt
        updatedAt
        revision
        total { amount currency }
        client { id name }
        viewerCan
    }
`);

/** The fields of an invoice that lists show. */
export const invoiceRow = graphql(`
    fragment InvoiceRow on Invoice {
        id
        number
        title
        status
        overdue
        issuedOn
        dueOn
        createdAt
        updatedAt
        revision
        total { amount currency }
        amountDue { amount currency }
        client { id name }
    }
`);

/** The fields of a credit note that lists show. */
export const creditNoteRow = graphql(`
    fragment CreditNoteRow on CreditNote {
        id
        number
        title
        status
        issuedOn
        createdAt
        updatedAt
        revision
        total { amount currency }
        client { id name }
    }
`);

/** The largest number of payments of an invoice that the sums contain. */
export const MAX_RECEIVED = 10;

/** The days and amounts of the payments and reversals of an invoice. */
export const receivedPayments = graphql(`
    fragment ReceivedPayments on Invoice {
        payments(first: 10) {
            nodes { id receivedOn amount { amount currency } }
        }
    }
`);

export type QuoteRow = FragmentOf<typeof quoteRow>;
export type InvoiceRow = FragmentOf<typeof invoiceRow>;
export type CreditNoteRow = FragmentOf<typeof creditNoteRow>;
export type Money = InvoiceRow["total"];
