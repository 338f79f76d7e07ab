import { graphql, type ResultOf } from "../graphql/graphql";

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
        legalHold { at reason by { displayName } }
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
                viewerCan
                ...Figures
            }
        }
    `,
    [clientRow, figures],
);

export const SET_LEGAL_HOLD = graphql(
    `
        mutation SetLegalHold($input: SetLegalHoldInput!) {
            setLegalHold(input: $input) {
                client { ...ClientRow viewerCan }
                userErrors { code message }
            }
        }
    `,
    [clientRow],
);

export const LIFT_LEGAL_HOLD = graphql(
    `
        mutation LiftLegalHold($input: LiftLegalHoldInput!) {
            liftLegalHold(input: $input) {
                client { ...ClientRow viewerCan }
                userErrors { code message }
            }
        }
    `,
    [clientRow],
);

export type OpenClient = NonNullable<ResultOf<typeof CLIENT>["client"]>;
