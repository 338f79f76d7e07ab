import { documentRow } from "../documents/queries";
import { graphql } from "../graphql/graphql";

const requested = graphql(
    `
        fragment Requested on RequestUploadPayload {
            document { ...DocumentRow }
            version { id status failureReason }
            parts { number url method headers { name value } offset size }
            upload { receivedParts }
            userErrors { message code }
        }
    `,
    [documentRow],
);

export const REQUEST_UPLOAD = graphql(
    `mutation RequestUpload($input: RequestUploadInput!) { requestUpload(input: $input) { ...Requested } }`,
    [requested],
);

export const REQUEST_UPLOADS = graphql(
    `
        mutation RequestUploads($input: RequestUploadsInput!) {
            requestUploads(input: $input) {
                results { ...Requested }
                userErrors { message code }
            }
        }
    `,
    [requested],
);

const completed = graphql(
    `
        fragment Completed on CompleteUploadPayload {
            document { ...DocumentRow versions(last: 5) { nodes { id status failureReason } } }
            userErrors { message code }
        }
    `,
    [documentRow],
);

export const COMPLETE_UPLOAD = graphql(
    `mutation CompleteUpload($input: CompleteUploadInput!) { completeUpload(input: $input) { ...Completed } }`,
    [completed],
);

export const COMPLETE_UPLOADS = graphql(
    `
        mutation CompleteUploads($input: CompleteUploadsInput!) {
            completeUploads(input: $input) {
                results { ...Completed }
                userErrors { message code }
            }
        }
    `,
    [completed],
);

export const CANCEL_UPLOAD = graphql(`
    mutation CancelUpload($input: CancelUploadInput!) {
        cancelUpload(input: $input) {
            cancelledId
            userErrors { message code }
        }
    }
`);

export const UPLOADED_VERSION = graphql(`
    query UploadedVersion($id: ID!) {
        node(id: $id) {
            __typename
            ... on DocumentVersion { id status failureReason recognizedContentType }
        }
    }
`);

/** What the store has received, and new URLs for the rest. */
export const OPEN_UPLOAD = graphql(`
    query OpenUpload($id: ID!) {
        node(id: $id) {
            __typename
            ... on DocumentVersion {
                id
                status
                document { id }
                upload {
                    receivedParts
                    parts { number url method headers { name value } offset size }
                }
            }
        }
    }
`);
