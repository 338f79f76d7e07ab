import { Link } from "@tanstack/react-router";
import { ZONES } from "../documents/zones";
import classes from "./Activity.module.css";
import type { Subject } from "./queries";

/** The name of the subject of an event, with a link to its page. */
export function SubjectLink({ subject, clientId }: { subject: Subject; clientId: string }) {
    const link = { className: classes.subject };
    switch (subject.__typename) {
        case "Client":
            return (
                <Link to="/dossiers/$clientId" params={{ clientId: subject.id }} {...link}>
                    {subject.name}
                </Link>
            );
        case "Document": {
            const zone = ZONES.find((entry) => entry.zone === subject.zone)!.slug;
            return (
                <Link to="/dossiers/$clientId/files/$zone/$documentId" params={{ clientId, zone, documentId: subject.id }} {...link}>
                    {subject.name}
                </Link>
            );
        }
        case "ValidationRequest":
            return (
                <Link to="/validation/$requestId" params={{ requestId: subject.id }} {...link}>
                    {subject.title}
                </Link>
            );
        case "Quote":
            return (
                <Link to="/money/quotes/$quoteId" params={{ quoteId: subject.id }} search={{ kind: "quotes" }} {...link}>
                    {numberOf(subject)}
                </Link>
            );
        case "Invoice":
            return (
                <Link to="/money/invoices/$invoiceId" params={{ invoiceId: subject.id }} {...link}>
                    {numberOf(subject)}
                </Link>
            );
        case "CreditNote":
            return (
                <Link to="/money/credit-notes/$creditNoteId" params={{ creditNoteId: subject.id }} search={{ kind: "creditNotes" }} {...link}>
                    {numberOf(subject)}
                </Link>
            );
        case "Conversation":
        case "Message": {
            const conversation = subject.__typename === "Message" ? subject.conversation : subject;
            if (!conversation) return null;
            return (
                <Link to="/messages/$conversationId" params={{ conversationId: conversation.id }} {...link}>
                    {conversation.subject}
                </Link>
            );
        }
    }
}

/** Returns the number of an issued document, which stays on one line, or else its title. */
const numberOf = ({ number, title }: { number: string | null; title: string }) =>
    number ? <span className={classes.number}>{number}</span> : title;
