import { graphql, type FragmentOf, type ResultOf } from "../graphql/graphql";

export const messageRow = graphql(`
    fragment MessageRow on Message {
        id
        body
        internal
        createdAt
        editedAt
        deletedAt
        viewerCan
        author { displayName kind isViewer }
    }
`);

/** The fields of a conversation that lists show, with its last message. */
export const conversationRow = graphql(
    `
        fragment ConversationRow on Conversation {
            id
            subject
            status
            updatedAt
            unreadCount
            viewerCan
            client { id name }
            messages(last: 1) { nodes { ...MessageRow } }
        }
    `,
    [messageRow],
);

export type Message = FragmentOf<typeof messageRow>;
export type Conversation = FragmentOf<typeof conversationRow>;

export const CONVERSATIONS = graphql(
    `
        query Conversations($filter: ConversationFilter, $after: String) {
            conversations(first: 40, after: $after, filter: $filter, orderBy: UPDATED_AT_DESC) {
                nodes { ...ConversationRow }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [conversationRow],
);

/** How far the viewer has read the newest conversations, and the newest of those with unread messages. */
export const READ_MARKERS = graphql(`
    query ReadMarkers {
        newest: conversations(first: 40, orderBy: UPDATED_AT_DESC) {
            nodes { id unreadCount lastReadMessage { id createdAt } }
        }
        unread: conversations(first: 40, filter: { unread: true }, orderBy: UPDATED_AT_DESC) {
            nodes { id unreadCount }
            pageInfo { hasNextPage endCursor }
        }
    }
`);

export const MARK_READ = graphql(`
    mutation MarkRead($input: MarkConversationReadInput!) {
        markConversationRead(input: $input) {
            conversation { id unreadCount lastReadMessage { id createdAt } }
            userErrors { code message }
        }
    }
`);

export const CONVERSATION = graphql(
    `
        query Conversation($id: ID!) {
            node(id: $id) {
                __typename
                ... on Conversation {
                    ...ConversationRow
                    analysis
                    revision
                    lastReadMessage { id createdAt }
                    newest: messages(last: 40) {
                        nodes { ...MessageRow }
                        pageInfo { hasPreviousPage startCursor }
                    }
                }
            }
        }
    `,
    [conversationRow, messageRow],
);

export type OpenedConversation = Extract<ResultOf<typeof CONVERSATION>["node"], { __typename: "Conversation" }>;

export const OLDER_MESSAGES = graphql(
    `
        query OlderMessages($id: ID!, $before: String) {
            node(id: $id) {
                __typename
                ... on Conversation {
                    id
                    messages(last: 40, before: $before) {
                        nodes { ...MessageRow }
                        pageInfo { hasPreviousPage startCursor }
                    }
                }
            }
        }
    `,
    [messageRow],
);

export const POST_MESSAGE = graphql(
    `
        mutation PostMessage($input: PostMessageInput!) {
            postMessage(input: $input) {
                message { ...MessageRow conversation { ...ConversationRow } }
                userErrors { code message }
            }
        }
    `,
    [messageRow, conversationRow],
);

export const EDIT_MESSAGE = graphql(
    `
        mutation EditMessage($input: EditMessageInput!) {
            editMessage(input: $input) {
                message { ...MessageRow }
                userErrors { code message }
            }
        }
    `,
    [messageRow],
);

export const DELETE_MESSAGE = graphql(
    `
        mutation DeleteMessage($input: DeleteMessageInput!) {
            deleteMessage(input: $input) {
                message { ...MessageRow }
                userErrors { code message }
            }
        }
    `,
    [messageRow],
);

/** Reads again what the viewer may do with a message. It also depends on the age of the message. */
export const MESSAGE_ACTIONS = graphql(`
    query MessageActions($id: ID!) {
        node(id: $id) {
            __typename
            ... on Message { id viewerCan }
        }
    }
`);

export const START_CONVERSATION = graphql(
    `
        mutation StartConversation($input: StartConversationInput!) {
            startConversation(input: $input) {
                conversation { ...ConversationRow }
                userErrors { code message }
            }
        }
    `,
    [conversationRow],
);

export const CLOSE_CONVERSATION = graphql(
    `
        mutation CloseConversation($input: CloseConversationInput!) {
            closeConversation(input: $input) {
                conversation { ...ConversationRow revision }
                userErrors { code message }
            }
        }
    `,
    [conversationRow],
);
