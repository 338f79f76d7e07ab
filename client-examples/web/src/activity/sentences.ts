import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { ActivityEvent } from "./queries";

type EventType = ActivityEvent["type"];
type Sentences = Partial<Record<EventType, MessageDescriptor>>;

const REQUESTS: Sentences = {
    VALIDATION_SUBMITTED: msg`{who} submitted {what}`,
    VALIDATION_RESUBMITTED: msg`{who} submitted {what} again`,
    VALIDATION_ASSIGNED: msg`{who} changed who is in charge of {what}`,
    VALIDATION_DUE_DATE_SET: msg`{who} changed the due date of {what}`,
    VALIDATION_VERSION_REPLACED: msg`{who} sent a new version for {what}`,
    VALIDATION_COMMENTED: msg`{who} commented on {what}`,
    VALIDATION_SHARED: msg`{who} shared {what} with the client`,
    VALIDATION_APPROVED: msg`{who} approved {what}`,
    VALIDATION_REJECTED: msg`{who} rejected {what}`,
    VALIDATION_CHANGES_REQUESTED: msg`{who} asked for changes to {what}`,
    VALIDATION_CANCELLED: msg`{who} withdrew {what}`,
};

// A requested upload is not listed, because the received file follows.
const FILES: Sentences = {
    DOCUMENT_UPLOADED: msg`{who} sent {what}`,
    DOCUMENT_UPLOAD_FAILED: msg`{what}, sent by {who}, did not arrive intact`,
    DOCUMENT_PUBLISHED: msg`{who} showed {what} to the client`,
    DOCUMENT_UNPUBLISHED: msg`{who} hid {what} from the client`,
    DOCUMENT_RENAMED: msg`{who} renamed {what}`,
    DOCUMENT_MOVED: msg`{who} moved {what}`,
    DOCUMENT_DELETED: msg`{who} deleted {what}`,
    DOCUMENT_RESTORED: msg`{who} restored {what} from the trash`,
    DOCUMENT_VERSION_RESTORED: msg`{who} restored an older version of {what}`,
};

const MESSAGES: Sentences = {
    CONVERSATION_STARTED: msg`{who} started the conversation {what}`,
    CONVERSATION_CLOSED: msg`{who} closed the conversation {what}`,
    MESSAGE_POSTED: msg`{who} wrote in {what}`,
};

const MONEY: Sentences = {
    QUOTE_CREATED: msg`{who} created the quote {what}`,
    QUOTE_UPDATED: msg`{who} changed the quote {what}`,
    QUOTE_ISSUED: msg`{who} issued the quote {what}`,
    QUOTE_ACCEPTED: msg`{who} accepted the quote {what}`,
    QUOTE_REFUSED: msg`{who} refused the quote {what}`,
    INVOICE_CREATED: msg`{who} created the invoice {what}`,
    INVOICE_UPDATED: msg`{who} changed the invoice {what}`,
    INVOICE_ISSUED: msg`{who} issued the invoice {what}`,
    PAYMENT_RECORDED: msg`{who} recorded a payment of {what}`,
    PAYMENT_REVERSED: msg`{who} reversed a payment of {what}`,
    CREDIT_NOTE_CREATED: msg`{who} created the credit note {what}`,
    CREDIT_NOTE_UPDATED: msg`{who} changed the credit note {what}`,
    CREDIT_NOTE_ISSUED: msg`{who} issued the credit note {what}`,
};

const DOSSIERS: Sentences = {
    CLIENT_CREATED: msg`{who} opened the dossier {what}`,
    CLIENT_UPDATED: msg`{who} changed the dossier {what}`,
    CLIENT_MOVED: msg`{who} moved the dossier {what} to another site`,
    CLIENT_ARCHIVED: msg`{who} archived the dossier {what}`,
    CLIENT_RESTORED: msg`{who} restored the dossier {what}`,
};

/** Describes an event as a sentence about `who` and `what`. */
export const SENTENCES: Sentences = { ...REQUESTS, ...FILES, ...MESSAGES, ...MONEY, ...DOSSIERS };

/** The kinds of subjects by which the list can be filtered. */
export const KINDS = [
    { kind: "requests", label: msg`Requests`, sentences: REQUESTS },
    { kind: "files", label: msg`Files`, sentences: FILES },
    { kind: "messages", label: msg`Messages`, sentences: MESSAGES },
    { kind: "money", label: msg`Invoices`, sentences: MONEY, hiddenFrom: "STAFF" },
] as const;

/** Returns the types of the events of a kind, or of all kinds. */
export function typesOf(kind: string | undefined) {
    const known = KINDS.find((entry) => entry.kind === kind);
    return Object.keys(known?.sentences ?? SENTENCES) as EventType[];
}
