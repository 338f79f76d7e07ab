import { graphql, type FragmentOf, type ResultOf } from "../graphql/graphql";
import { creditNoteRow, invoiceRow, quoteRow } from "./rows";

const line = graphql(`
    fragment Line on LineItem {
        position
        description
        quantity
        vatRate
        unitPrice { amount currency }
        netAmount { amount currency }
    }
`);

const vat = graphql(`
    fragment Vat on VatBreakdown {
        rate
        net { amount currency }
        vat { amount currency }
    }
`);

const quoteSheet = graphql(
    `
        fragment QuoteSheet on Quote {
            ...QuoteRow
            currency
            note
            refusalReason
            decidedAt
            lines { ...Line }
            vatBreakdown { ...Vat }
            netTotal { amount currency }
            vatTotal { amount currency }
            client { id name billingAddress }
            invoice { id number }
        }
    `,
    [quoteRow, line, vat],
);

const invoiceSheet = graphql(
    `
        fragment InvoiceSheet on Invoice {
            ...InvoiceRow
            currency
            note
            lines { ...Line }
            vatBreakdown { ...Vat }
            netTotal { amount currency }
            vatTotal { amount currency }
            paidTotal { amount currency }
            creditedTotal { amount currency }
            client { id name billingAddress }
            quote { id number }
            viewerCan
            payments(first: 30) {
                nodes {
                    id
                    receivedOn
                    amount { amount currency }
                    method
                    reference
                    reason
                    recorder { displayName }
                    reverses { id }
                    viewerCan
                }
                pageInfo { hasNextPage }
            }
            creditNotes(first: 20) { nodes { ...CreditNoteRow } }
        }
    `,
    [invoiceRow, creditNoteRow, line, vat],
);

const creditNoteSheet = graphql(
    `
        fragment CreditNoteSheet on CreditNote {
            ...CreditNoteRow
            currency
            note
            lines { ...Line }
            vatBreakdown { ...Vat }
            netTotal { amount currency }
            vatTotal { amount currency }
            client { id name billingAddress }
            invoice { id number }
            viewerCan
        }
    `,
    [creditNoteRow, line, vat],
);

const seller = graphql(`
    fragment Seller on Organization {
        id
        name
        legalName
        address
        registrationNumber
        vatNumber
        legalNotice
    }
`);

export const QUOTE = graphql(
    `
        query Quote($id: ID!) {
            quote(id: $id) { ...QuoteSheet }
            viewer { id organization { ...Seller } }
        }
    `,
    [quoteSheet, seller],
);

export const INVOICE = graphql(
    `
        query Invoice($id: ID!) {
            invoice(id: $id) { ...InvoiceSheet }
            viewer { id organization { ...Seller } }
        }
    `,
    [invoiceSheet, seller],
);

export const CREDIT_NOTE = graphql(
    `
        query CreditNote($id: ID!) {
            creditNote(id: $id) { ...CreditNoteSheet }
            viewer { id organization { ...Seller } }
        }
    `,
    [creditNoteSheet, seller],
);

/** The newest quotes, invoices and credit notes of one dossier. */
export const DOSSIER_MONEY = graphql(
    `
        query DossierMoney($clientId: ID!) {
            quotes(first: 50, filter: { clientId: $clientId }) { nodes { ...QuoteRow } pageInfo { hasNextPage } }
            invoices(first: 50, filter: { clientId: $clientId }) { nodes { ...InvoiceRow } pageInfo { hasNextPage } }
            creditNotes(first: 20, filter: { clientId: $clientId }) { nodes { ...CreditNoteRow } pageInfo { hasNextPage } }
        }
    `,
    [quoteRow, invoiceRow, creditNoteRow],
);

export const ACCEPT_QUOTE = graphql(
    `
        mutation AcceptQuote($input: AcceptQuoteInput!) {
            acceptQuote(input: $input) { quote { ...QuoteSheet } userErrors { code message } }
        }
    `,
    [quoteSheet],
);

export const REFUSE_QUOTE = graphql(
    `
        mutation RefuseQuote($input: RefuseQuoteInput!) {
            refuseQuote(input: $input) { quote { ...QuoteSheet } userErrors { code message } }
        }
    `,
    [quoteSheet],
);

export const UPDATE_QUOTE = graphql(
    `
        mutation UpdateQuote($input: UpdateQuoteInput!) {
            updateQuote(input: $input) { quote { ...QuoteSheet } userErrors { code message } }
        }
    `,
    [quoteSheet],
);

export const UPDATE_INVOICE = graphql(
    `
        mutation UpdateInvoice($input: UpdateInvoiceInput!) {
            updateInvoice(input: $input) { invoice { ...InvoiceSheet } userErrors { code message } }
        }
    `,
    [invoiceSheet],
);

export const UPDATE_CREDIT_NOTE = graphql(
    `
        mutation UpdateCreditNote($input: UpdateCreditNoteInput!) {
            updateCreditNote(input: $input) { creditNote { ...CreditNoteSheet } userErrors { code message } }
        }
    `,
    [creditNoteSheet],
);

export const DELETE_DRAFT = graphql(`
    mutation DeleteDraft($input: DeleteDraftInput!) {
        deleteDraft(input: $input) { deletedId userErrors { code message } }
    }
`);

export const ISSUE_QUOTE = graphql(
    `
        mutation IssueQuote($input: IssueQuoteInput!) {
            issueQuote(input: $input) { quote { ...QuoteSheet } userErrors { code message } }
        }
    `,
    [quoteSheet],
);

export const ISSUE_INVOICE = graphql(
    `
        mutation IssueInvoice($input: IssueInvoiceInput!) {
            issueInvoice(input: $input) { invoice { ...InvoiceSheet } userErrors { code message } }
        }
    `,
    [invoiceSheet],
);

export const ISSUE_CREDIT_NOTE = graphql(
    `
        mutation IssueCreditNote($input: IssueCreditNoteInput!) {
            issueCreditNote(input: $input) {
                creditNote { ...CreditNoteSheet invoice { ...InvoiceSheet } }
                userErrors { code message }
            }
        }
    `,
    [creditNoteSheet, invoiceSheet],
);

export const CREATE_QUOTE = graphql(
    `
        mutation CreateQuote($input: CreateQuoteInput!) {
            createQuote(input: $input) { quote { ...QuoteSheet } userErrors { code message } }
        }
    `,
    [quoteSheet],
);

export const CREATE_INVOICE = graphql(
    `
        mutation CreateInvoice($input: CreateInvoiceInput!) {
            createInvoice(input: $input) { invoice { ...InvoiceSheet } userErrors { code message } }
        }
    `,
    [invoiceSheet],
);

export const CREATE_CREDIT_NOTE = graphql(
    `
        mutation CreateCreditNote($input: CreateCreditNoteInput!) {
            createCreditNote(input: $input) { creditNote { ...CreditNoteSheet } userErrors { code message } }
        }
    `,
    [creditNoteSheet],
);

export const CONVERT_QUOTE = graphql(
    `
        mutation ConvertQuote($input: ConvertQuoteToInvoiceInput!) {
            convertQuoteToInvoice(input: $input) {
                invoice { ...InvoiceSheet quote { id viewerCan invoice { id number } } }
                userErrors { code message }
            }
        }
    `,
    [invoiceSheet],
);

export const RECORD_PAYMENT = graphql(
    `
        mutation RecordPayment($input: RecordPaymentInput!) {
            recordPayment(input: $input) { payment { id invoice { ...InvoiceSheet } } userErrors { code message } }
        }
    `,
    [invoiceSheet],
);

export const REVERSE_PAYMENT = graphql(
    `
        mutation ReversePayment($input: ReversePaymentInput!) {
            reversePayment(input: $input) { payment { id invoice { ...InvoiceSheet } } userErrors { code message } }
        }
    `,
    [invoiceSheet],
);

export type Seller = FragmentOf<typeof seller>;
export type Quote = NonNullable<ResultOf<typeof QUOTE>["quote"]>;
export type Invoice = NonNullable<ResultOf<typeof INVOICE>["invoice"]>;
export type CreditNote = NonNullable<ResultOf<typeof CREDIT_NOTE>["creditNote"]>;
export type Payment = Invoice["payments"]["nodes"][number];

/** The parts that quotes, invoices and credit notes print alike. */
export type Sheet = Quote | Invoice | CreditNote;
