import { graphql, type FragmentOf, type VariablesOf } from "../graphql/graphql";

/** The fields of an event that the list shows, with the name and the place of its subject. */
export const activityEvent = graphql(`
    fragment ActivityEvent on DossierEvent {
        id
        cursor
        type
        occurredAt
        subjectId
        actor { displayName kind }
        client { id name }
        subject {
            __typename
            ... on Client { id name }
            ... on Document { id name zone }
            ... on Conversation { id subject }
            ... on Message { id conversation { id subject } }
            ... on ValidationRequest { id title }
            ... on Quote { id number title }
            ... on Invoice { id number title }
            ... on CreditNote { id number title }
        }
    }
`);

export type ActivityEvent = FragmentOf<typeof activityEvent>;
export type Subject = NonNullable<ActivityEvent["subject"]>;

export const ACTIVITY = graphql(
    `
        query Activity($before: String, $clientId: ID, $types: [EventType!]) {
            activity(first: 40, before: $before, clientId: $clientId, types: $types) {
                events { ...ActivityEvent }
                hasMore
            }
        }
    `,
    [activityEvent],
);

export type ActivityFilter = Pick<VariablesOf<typeof ACTIVITY>, "clientId" | "types">;
