import { graphql, type ResultOf } from "../graphql/graphql";

export const AUDIT_LOG = graphql(`
    query AuditLog($after: String, $filter: AuditEntryFilter) {
        auditLog(first: 40, after: $after, filter: $filter) {
            nodes {
                id
                sequence
                createdAt
                action
                outcome
                refusalReason
                actor { displayName kind }
                apiKey { id name }
                client { id name }
                subjectName
                subjectType
                network
                device
                note
                changes { field before after }
                changedFields
                detailErased
                hash
            }
            pageInfo { hasNextPage endCursor }
        }
    }
`);

export type AuditEntry = ResultOf<typeof AUDIT_LOG>["auditLog"]["nodes"][number];

export const AUDIT_PEOPLE = graphql(`
    query AuditPeople {
        members(first: 100, filter: { role: [OWNER, OPERATOR, MANAGER, STAFF] }) { nodes { id displayName } }
    }
`);
