import type { Message } from "../conversations/queries";
import type { DocumentFields } from "../documents/queries";
import type { AsClientData } from "./queries";

/** Live events add rows to cached lists by their dossier alone. This leaves out again what the client cannot see. */
export function asClient({ documents, validationRequests, approved, conversations, quotes, invoices, creditNotes }: AsClientData) {
    return {
        documents: documents.nodes
            .filter(({ visible, zone, status, publishedVersion }) => visible && zone !== "PRIVATE" && status === "READY" && publishedVersion)
            .map(ofClient)
            .map((document) => ({ ...document, approval: approvalOf(document, approved.nodes) }))
            .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)),
        requests: validationRequests.nodes
            .filter(({ internal }) => !internal)
            .map((request) => ({ ...request, viewerCan: isReturned(request) ? (["RESUBMIT"] as const).slice() : [] }))
            .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)),
        conversations: conversations.nodes
            .map(({ recent, ...conversation }) => ({ ...conversation, unreadCount: 0, messages: { nodes: visibleMessages(recent.nodes).slice(-1) } }))
            .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt)),
        quotes: quotes.nodes.filter(({ status }) => status !== "DRAFT"),
        invoices: invoices.nodes.filter(({ status }) => status !== "DRAFT"),
        creditNotes: creditNotes.nodes.filter(({ status }) => status !== "DRAFT"),
        /** The pages of which the preview has only the newest rows. */
        hasMore: {
            documents: documents.pageInfo.hasNextPage,
            requests: validationRequests.pageInfo.hasNextPage,
            messages: conversations.pageInfo.hasNextPage,
            invoices: [quotes, invoices, creditNotes].some(({ pageInfo }) => pageInfo.hasNextPage),
        },
    };
}

type Visible = ReturnType<typeof asClient>;

/** Returns what the home page of the portal shows. Nobody else sees which messages the client has read. */
export const homeOf = ({ documents, requests, conversations, quotes, invoices }: Visible) => ({
    documents,
    requests,
    conversations,
    unread: [],
    quotes: quotes.filter(({ status, expired }) => status === "ISSUED" && !expired),
    invoices: invoices
        .filter(({ status }) => status === "ISSUED" || status === "PARTIALLY_PAID")
        .sort((a, b) => (a.dueOn ?? "").localeCompare(b.dueOn ?? "")),
});

/** Returns the messages that the client can read, as if the client read them. */
export const visibleMessages = (messages: Message[]) =>
    messages
        .filter(({ internal }) => !internal)
        .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
        .map((message) => ({ ...message, author: { ...message.author, isViewer: message.author.kind === "CLIENT" } }));

const ofClient = (document: DocumentFields) => ({
    ...document,
    uploader: { ...document.uploader, isViewer: document.uploader.kind === "CLIENT" },
});

/** The client sees only approvals by requests that they see. Whether they are current depends on the published version. */
function approvalOf({ id, publishedVersion }: DocumentFields, requests: AsClientData["approved"]["nodes"]): DocumentFields["approval"] {
    const versions = requests
        .filter(({ internal, status }) => !internal && status === "APPROVED")
        .flatMap(({ documentVersions }) => documentVersions.filter(({ document }) => document?.id === id));
    if (versions.some((version) => version.id === publishedVersion?.id)) return "CURRENT";
    return versions.length > 0 ? "OUTDATED" : "NONE";
}

const isReturned = ({ status, submitter }: AsClientData["validationRequests"]["nodes"][number]) =>
    status === "CHANGES_REQUESTED" && submitter.kind === "CLIENT";
