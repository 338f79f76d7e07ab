import { graphql, type FragmentOf, type ResultOf } from "../graphql/graphql";

/** The fields of a document that lists show. */
export const documentRow = graphql(`
    fragment DocumentRow on Document {
        id
        name
        zone
        status
        visible
        revision
        createdAt
        updatedAt
        viewerCan
        approval
        uploader { displayName kind isViewer }
        publishedVersion { id number size contentType createdAt }
        latestVersion { id number size contentType createdAt preview { url } }
    }
`);

export type DocumentFields = FragmentOf<typeof documentRow>;

export const MY_DOCUMENTS = graphql(
    `
        query MyDocuments($clientId: ID!, $after: String) {
            documents(first: 100, after: $after, filter: { clientId: $clientId }, orderBy: UPDATED_AT_DESC) {
                nodes { ...DocumentRow }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [documentRow],
);

export type MyDocument = ResultOf<typeof MY_DOCUMENTS>["documents"]["nodes"][number];

export const ZONE_DOCUMENTS = graphql(
    `
        query ZoneDocuments($filter: DocumentFilter!, $orderBy: DocumentOrder!, $after: String) {
            documents(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {
                nodes { ...DocumentRow }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [documentRow],
);

/** The number of documents in each zone, and where the viewer may upload. */
export const ZONES = graphql(`
    query Zones($clientId: ID!) {
        client(id: $clientId) {
            id
            name
            viewerCanUploadTo
            DOCUMENTS: documents(first: 1, filter: { zone: [DOCUMENTS] }) { totalCount }
            ASSETS: documents(first: 1, filter: { zone: [ASSETS] }) { totalCount }
            VISIOS: documents(first: 1, filter: { zone: [VISIOS] }) { totalCount }
            CHAT: documents(first: 1, filter: { zone: [CHAT] }) { totalCount }
            INVOICES: documents(first: 1, filter: { zone: [INVOICES] }) { totalCount }
            PRIVATE: documents(first: 1, filter: { zone: [PRIVATE] }) { totalCount }
        }
    }
`);

export const DOCUMENT = graphql(
    `
        query Document($id: ID!) {
            node(id: $id) {
                __typename
                ... on Document {
                    ...DocumentRow
                    client { id name }
                    versions(last: 100) {
                        nodes { id number status failureReason size contentType sha256 createdAt viewerCan uploader { displayName isViewer } }
                    }
                }
            }
        }
    `,
    [documentRow],
);

export type OpenDocument = Extract<NonNullable<ResultOf<typeof DOCUMENT>["node"]>, { __typename: "Document" }>;
export type Version = OpenDocument["versions"]["nodes"][number];

export const DOWNLOAD = graphql(`
    query Download($id: ID!) {
        node(id: $id) {
            __typename
            ... on DocumentVersion { id download { url } large: preview(width: 1280) { url } }
        }
    }
`);

/** The preview of a version, which a job of the server makes. */
export const PREVIEW = graphql(`query Preview($id: ID!) { node(id: $id) { ... on DocumentVersion { id preview { url } } } }`);

export const PUBLISH = graphql(
    `
        mutation Publish($input: PublishDocumentInput!) {
            publishDocument(input: $input) {
                document { ...DocumentRow }
                userErrors { message code }
            }
        }
    `,
    [documentRow],
);

export const UNPUBLISH = graphql(
    `
        mutation Unpublish($input: UnpublishDocumentInput!) {
            unpublishDocument(input: $input) {
                document { ...DocumentRow }
                userErrors { message code }
            }
        }
    `,
    [documentRow],
);

export const MOVE = graphql(
    `
        mutation Move($input: MoveDocumentInput!) {
            moveDocument(input: $input) {
                document { ...DocumentRow }
                userErrors { message code }
            }
        }
    `,
    [documentRow],
);

export const RENAME = graphql(
    `
        mutation Rename($input: RenameDocumentInput!) {
            renameDocument(input: $input) {
                document { ...DocumentRow }
                userErrors { message code }
            }
        }
    `,
    [documentRow],
);

export const DELETE = graphql(`
    mutation Delete($input: DeleteDocumentInput!) {
        deleteDocument(input: $input) {
            deletedId
            userErrors { message code }
        }
    }
`);

export const RESTORE = graphql(
    `
        mutation Restore($input: RestoreDocumentInput!) {
            restoreDocument(input: $input) {
                document { ...DocumentRow }
                userErrors { message code }
            }
        }
    `,
    [documentRow],
);

export const RESTORE_VERSION = graphql(
    `
        mutation RestoreVersion($input: RestoreDocumentVersionInput!) {
            restoreDocumentVersion(input: $input) {
                version {
                    id
                    document { ...DocumentRow }
                }
                userErrors { message code }
            }
        }
    `,
    [documentRow],
);
