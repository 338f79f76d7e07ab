import { Trans } from "@lingui/react/macro";
import { IconFiles, IconMoodCheck } from "@tabler/icons-react";
import type { InvoiceRow, QuoteRow } from "../billing/rows";
import { ConversationRow } from "../conversations/ConversationRow";
import conversationClasses from "../conversations/Conversations.module.css";
import type { Conversation } from "../conversations/queries";
import { DocumentRow } from "../documents/DocumentRow";
import type { MyDocument } from "../documents/queries";
import { MyInvoiceRow, MyQuoteRow } from "../invoices/MyMoneyRow";
import { MyRequestRow } from "../requests/MyRequestRow";
import type { MyRequest } from "../requests/queries";
import { EmptyState } from "../states/EmptyState";
import { ListSkeleton } from "../states/ListSkeleton";
import { Card } from "../theme/Card";
import { PortalTitle } from "./PortalTitle";

const SHOWN_DOCUMENTS = 4;

/** The lists of the home page. Undefined while they are read. */
export interface HomeLists {
    /** All documents, the newest first. */
    documents: MyDocument[] | undefined;
    /** All requests, the last changed first. */
    requests: MyRequest[] | undefined;
    /** The conversations with unread messages. */
    unread: Conversation[];
    /** The quotes that wait for an answer. */
    quotes: QuoteRow[] | undefined;
    /** The unpaid invoices, the oldest due day first. */
    invoices: InvoiceRow[] | undefined;
}

/** The things that wait for a client, and the newest documents. */
export const Home = ({ firstName, lists }: { firstName?: string | undefined; lists: HomeLists }) => (
    <>
        <PortalTitle>{firstName ? <Trans>Hello {firstName}</Trans> : <Trans>Hello</Trans>}</PortalTitle>
        <Waiting {...lists} />
        <NewestDocuments documents={lists.documents} />
    </>
);

function Waiting({ requests, unread, quotes, invoices }: HomeLists) {
    const returned = requests?.filter(({ viewerCan }) => viewerCan.includes("RESUBMIT"));
    const isLoaded = returned && quotes && invoices;
    return (
        <Card title={<Trans>Waits for you</Trans>}>
            {!isLoaded ? (
                <ListSkeleton rows={2} height={68} />
            ) : returned.length + unread.length + quotes.length + invoices.length === 0 ? (
                <EmptyState compact icon={IconMoodCheck} title={<Trans>Nothing waits for you.</Trans>} />
            ) : (
                <div className={conversationClasses.card}>
                    {returned.map((request) => (
                        <MyRequestRow key={request.id} request={request} />
                    ))}
                    {unread.map((conversation) => (
                        <ConversationRow
                            key={conversation.id}
                            conversation={conversation}
                            target={{ to: "/portal/messages/$conversationId", params: { conversationId: conversation.id } }}
                            unread
                        />
                    ))}
                    {quotes.map((quote) => (
                        <MyQuoteRow key={quote.id} quote={quote} />
                    ))}
                    {invoices.map((invoice) => (
                        <MyInvoiceRow key={invoice.id} invoice={invoice} />
                    ))}
                </div>
            )}
        </Card>
    );
}

const NewestDocuments = ({ documents }: Pick<HomeLists, "documents">) => (
    <Card title={<Trans>Newest documents</Trans>}>
        {!documents ? (
            <ListSkeleton rows={SHOWN_DOCUMENTS} height={68} />
        ) : documents.length === 0 ? (
            <EmptyState icon={IconFiles} title={<Trans>No documents yet. What the agency publishes appears here.</Trans>} />
        ) : (
            documents.slice(0, SHOWN_DOCUMENTS).map((document) => <DocumentRow key={document.id} document={document} />)
        )}
    </Card>
);
