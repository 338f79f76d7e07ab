import { graphql, type ResultOf } from "../graphql/graphql";

/** The fields of a document that lists show. */
export const documentRow = graphql(`
    fragment DocumentRow on Document {
        id
        name
        zone
        status
        visible
        updatedAt
        uploader { displayName isViewer }
        publishedVersion { id number size contentType createdAt }
        latestVersion { id number size contentType createdAt }
    }
`);

export const MY_DOCUMENTS = graphql(
    `
        query MyDocuments($clientId: ID!) {
            documents(first: 100, filter: { clientId: $clientId }, orderBy: UPDATED_AT_DESC) {
                nodes { ...DocumentRow }
            }
        }
    `,
    [documentRow],
);

export type MyDocument = ResultOf<typeof MY_DOCUMENTS>["documents"]["nodes"][number];

export const DOWNLOAD = graphql(`
    query Download($id: ID!) {
        node(id: $id) {
            __typename
            ... on DocumentVersion { id download { url } }
        }
    }
`);
