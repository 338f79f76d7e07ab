import { Trans } from "@lingui/react/macro";
import { IconMoodCheck } from "@tabler/icons-react";
import { ConversationRow } from "../conversations/ConversationRow";
import conversationClasses from "../conversations/Conversations.module.css";
import { MyInvoiceRow, MyQuoteRow } from "../invoices/MyMoneyRow";
import { MyRequestRow } from "../requests/MyRequestRow";
import { EmptyState } from "../states/EmptyState";
import { Card } from "../theme/Card";
import type { HomeLists } from "./Home";

/** The requests, messages, quotes and invoices that wait for the client. */
export function Waiting({ requests, unread, quotes, invoices }: HomeLists) {
    const returned = requests.filter(({ viewerCan }) => viewerCan.includes("RESUBMIT"));
    return (
        <Card title={<Trans>Waits for you</Trans>}>
            {returned.length + unread.length + quotes.length + invoices.length === 0 ? (
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
