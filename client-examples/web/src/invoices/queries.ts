import { graphql } from "../graphql/graphql";
import { invoiceRow, quoteRow } from "../billing/rows";

/** The things that wait for the client: quotes for an answer, invoices for money. */
export const WAITING_MONEY = graphql(
    `
        query WaitingMoney($clientId: ID!) {
            quotes(first: 50, filter: { clientId: $clientId, status: [ISSUED] }) { nodes { ...QuoteRow } }
            invoices(first: 50, filter: { clientId: $clientId, status: [ISSUED, PARTIALLY_PAID] }) { nodes { ...InvoiceRow } }
        }
    `,
    [quoteRow, invoiceRow],
);
