import { creditNoteRow, invoiceRow, quoteRow } from "../billing/rows";
import { conversationRow, messageRow } from "../conversations/queries";
import { documentRow } from "../documents/queries";
import { graphql, type ResultOf } from "../graphql/graphql";
import { requestRow } from "../validation/queries";

/**
 * The part of a dossier that its client can see. The filters do most of it. They name every zone but `PRIVATE`, and every
 * status but `DRAFT`. Messages have no filter, so that the last ones are read, and the internal ones left out. Approvals of
 * documents also depend on internal requests. Therefore those of the last shared ones are read.
 */
export const AS_CLIENT = graphql(
    `
        query AsClient($clientId: ID!) {
            client(id: $clientId) { id name track }
            documents(
                first: 100
                filter: { clientId: $clientId, visible: true, zone: [DOCUMENTS, ASSETS, VISIOS, CHAT, INVOICES] }
                orderBy: UPDATED_AT_DESC
            ) {
                nodes { ...DocumentRow }
                pageInfo { hasNextPage }
            }
            validationRequests(first: 100, filter: { clientId: $clientId, internal: false }, orderBy: UPDATED_AT_DESC) {
                nodes { ...RequestRow }
                pageInfo { hasNextPage }
            }
            approved: validationRequests(
                first: 20
                filter: { clientId: $clientId, internal: false, status: [APPROVED] }
                orderBy: UPDATED_AT_DESC
            ) {
                nodes { id internal status documentVersions { id document { id } } }
            }
            conversations(first: 40, filter: { clientId: $clientId }, orderBy: UPDATED_AT_DESC) {
                nodes { ...ConversationRow recent: messages(last: 20) { nodes { ...MessageRow } } }
                pageInfo { hasNextPage }
            }
            quotes(first: 50, filter: { clientId: $clientId, status: [ISSUED, ACCEPTED, REFUSED] }) {
                nodes { ...QuoteRow }
                pageInfo { hasNextPage }
            }
            invoices(first: 50, filter: { clientId: $clientId, status: [ISSUED, PARTIALLY_PAID, PAID] }) {
                nodes { ...InvoiceRow }
                pageInfo { hasNextPage }
            }
            creditNotes(first: 20, filter: { clientId: $clientId, status: [ISSUED] }) {
                nodes { ...CreditNoteRow }
                pageInfo { hasNextPage }
            }
        }
    `,
    [documentRow, requestRow, conversationRow, messageRow, quoteRow, invoiceRow, creditNoteRow],
);

export type AsClientData = ResultOf<typeof AS_CLIENT>;
