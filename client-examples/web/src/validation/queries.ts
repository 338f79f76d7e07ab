import { graphql, type FragmentOf, type ResultOf } from "../graphql/graphql";

/** The fields of a validation request that lists show. */
export const requestRow = graphql(`
    fragment RequestRow on ValidationRequest {
        id
        title
        status
        internal
        revision
        createdAt
        updatedAt
        viewerCan
        decisionReason
        client { id name }
        assignee { id displayName }
        submitter { displayName kind isViewer }
        dueOn
        overdue
        documentVersion { id number document { id name } }
    }
`);

export type RequestRow = FragmentOf<typeof requestRow>;

const commentRow = graphql(`
    fragment CommentRow on ValidationComment {
        id
        body
        internal
        createdAt
        author { displayName }
        mentions { id displayName }
    }
`);

export const QUEUE = graphql(
    `
        query Queue($filter: ValidationRequestFilter!, $orderBy: ValidationRequestOrder!, $after: String) {
            validationRequests(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {
                nodes { ...RequestRow }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [requestRow],
);

export const REQUEST = graphql(
    `
        query Request($id: ID!) {
            node(id: $id) {
                __typename
                ... on ValidationRequest {
                    ...RequestRow
                    description
                    internalNote
                    files: documentVersions { id number contentType size sha256 document { id name zone } download { url } }
                    quote { id title }
                    message { id body author { displayName } conversation { id subject } }
                    previous { id title status }
                    history(first: 50) {
                        nodes { id action createdAt reason actor { displayName } documentVersion { id number } }
                    }
                    comments(last: 20) {
                        nodes { ...CommentRow }
                        pageInfo { hasPreviousPage startCursor }
                    }
                }
            }
        }
    `,
    [requestRow, commentRow],
);

export type OpenRequest = Extract<ResultOf<typeof REQUEST>["node"], { __typename: "ValidationRequest" }>;

export const PREVIOUS_COMMENTS = graphql(
    `
        query PreviousComments($id: ID!, $before: String!) {
            node(id: $id) {
                __typename
                ... on ValidationRequest {
                    id
                    comments(last: 20, before: $before) {
                        nodes { ...CommentRow }
                        pageInfo { hasPreviousPage startCursor }
                    }
                }
            }
        }
    `,
    [commentRow],
);

export const APPROVE = graphql(
    `
        mutation Approve($input: ApproveValidationRequestInput!) {
            approveValidationRequest(input: $input) {
                validationRequest { ...RequestRow }
                userErrors { code message }
            }
        }
    `,
    [requestRow],
);

export const REJECT = graphql(
    `
        mutation Reject($input: RejectValidationRequestInput!) {
            rejectValidationRequest(input: $input) {
                validationRequest { ...RequestRow }
                userErrors { code message }
            }
        }
    `,
    [requestRow],
);

export const REQUEST_CHANGES = graphql(
    `
        mutation RequestChanges($input: RequestChangesInput!) {
            requestChanges(input: $input) {
                validationRequest { ...RequestRow }
                userErrors { code message }
            }
        }
    `,
    [requestRow],
);

export const ASSIGN = graphql(
    `
        mutation Assign($input: AssignValidationRequestInput!) {
            assignValidationRequest(input: $input) {
                validationRequest { ...RequestRow }
                userErrors { code message }
            }
        }
    `,
    [requestRow],
);

export const SET_DUE_DATE = graphql(
    `
        mutation SetDueDate($input: SetValidationRequestDueDateInput!) {
            setValidationRequestDueDate(input: $input) {
                validationRequest { ...RequestRow }
                userErrors { code message }
            }
        }
    `,
    [requestRow],
);

export const COMMENT = graphql(`
    mutation Comment($input: CommentOnValidationRequestInput!) {
        commentOnValidationRequest(input: $input) {
            comment { id body }
            userErrors { code message }
        }
    }
`);

export const DECIDERS = graphql(`
    query Deciders {
        members(first: 100, filter: { role: [OWNER, OPERATOR, MANAGER] }) {
            nodes { id displayName }
        }
    }
`);
