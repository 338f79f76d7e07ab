import { graphql } from "../graphql/graphql";

/** The fields of a client that lists show. */
export const clientRow = graphql(`
    fragment ClientRow on Client {
        id
        name
        status
        track
        updatedAt
        lastActivityAt
        site { id name }
    }
`);

/** The sums of a dossier for each currency. */
export const figures = graphql(`
    fragment Figures on Client {
        figures {
            currency
            due { amount currency }
            invoiced { amount currency }
            paid { amount currency }
        }
    }
`);

export const CLIENTS = graphql(
    `
        query Clients($after: String, $filter: ClientFilter, $orderBy: ClientOrder) {
            clients(first: 50, after: $after, filter: $filter, orderBy: $orderBy) {
                nodes { ...ClientRow figures { currency due { amount currency } } }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [clientRow],
);

export const CLIENT = graphql(
    `
        query Client($id: ID!) {
            client(id: $id) {
                ...ClientRow
                email
                phone
                billingAddress
                internalNotes
                createdAt
                ...Figures
            }
        }
    `,
    [clientRow, figures],
);
