import { graphql, type FragmentOf } from "../graphql/graphql";

/** The fields of a document in the trash. */
export const trashRow = graphql(`
    fragment TrashRow on Document {
        id
        name
        zone
        revision
        deletedAt
        deletedBy { displayName isViewer }
        purgeAt
        purgeBlockedBy
        viewerCan
        latestVersion { id size contentType }
    }
`);

export type TrashedDocument = FragmentOf<typeof trashRow>;

export const TRASH = graphql(
    `
        query Trash($filter: DocumentFilter!, $after: String) {
            deletedDocuments(first: 50, after: $after, filter: $filter) {
                nodes { ...TrashRow }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [trashRow],
);

/** The rules that keep documents from being purged. */
export const TRASH_RULES = graphql(`
    query TrashRules($clientId: ID!) {
        viewer { id organization { id trashDays zoneRetention { zone days } } }
        client(id: $clientId) { id legalHold { reason } }
    }
`);

export const PURGE = graphql(`
    mutation Purge($input: PurgeDocumentInput!) {
        purgeDocument(input: $input) {
            purgedId
            userErrors { message code }
        }
    }
`);
