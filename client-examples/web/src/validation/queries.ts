import { graphql, type FragmentOf } from "../graphql/graphql";

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

export const QUEUE = graphql(
    `
        query Queue($after: String) {
            validationRequests(first: 100, after: $after, filter: { status: [PENDING] }, orderBy: CREATED_AT_ASC) {
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
                    files: documentVersions { id number contentType size sha256 document { id name } download { url } }
                    quote { id title }
                    message { id body }
                    previous { id title status }
                    history(first: 50) {
                        nodes { id action createdAt reason actor { displayName } documentVersion { id number } }
                    }
                    comments(last: 20) {
                        nodes { id body internal createdAt author { displayName } mentions { id displayName } }
                    }
                }
            }
        }
    `,
    [requestRow],
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
