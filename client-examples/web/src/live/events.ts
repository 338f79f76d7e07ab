import { activityEvent } from "../activity/queries";
import { creditNoteRow, invoiceRow, quoteRow, receivedPayments } from "../billing/rows";
import { conversationRow, messageRow } from "../conversations/queries";
import { clientRow, figures } from "../dossiers/queries";
import { documentRow } from "../documents/queries";
import { graphql, type ResultOf } from "../graphql/graphql";
import { requestRow } from "../validation/queries";

/** How many versions of a document an event contains: the `last` of the query below. */
export const EVENT_VERSIONS = 5;

/** All events that the viewer can see. Each subject has the fields that the lists show. */
export const EVENTS = graphql(
    `
        subscription Events($after: String) {
            dossierEvents(after: $after) {
                id
                cursor
                type
                occurredAt
                clientMutationId
                subjectId
                actor { displayName isViewer }
                client { id name }
                ...ActivityEvent
                subject {
                    __typename
                    ... on ValidationRequest { ...RequestRow }
                    ... on Client { ...ClientRow }
                    ... on Document { ...DocumentRow versions(last: 5) { nodes { id status failureReason } } }
                    ... on Quote { ...QuoteRow }
                    ... on Invoice { ...InvoiceRow ...ReceivedPayments viewerCan paidTotal { amount currency } client { ...Figures } }
                    ... on CreditNote { ...CreditNoteRow viewerCan invoice { ...InvoiceRow viewerCan creditedTotal { amount currency } } client { ...Figures } }
                    ... on Conversation { ...ConversationRow }
                    ... on Message { ...MessageRow conversation { ...ConversationRow } }
                }
            }
        }
    `,
    [activityEvent, requestRow, clientRow, documentRow, quoteRow, invoiceRow, receivedPayments, creditNoteRow, figures, conversationRow, messageRow],
);

export type DossierEvent = ResultOf<typeof EVENTS>["dossierEvents"];
