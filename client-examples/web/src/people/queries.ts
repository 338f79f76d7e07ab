import { graphql, type ResultOf } from "../graphql/graphql";

export const memberRow = graphql(`
    fragment MemberRow on Member {
        id
        displayName
        email
        role
        suspended
        hasFactor
        createdAt
        client { id name }
        sites { id name }
    }
`);

export const MEMBERS = graphql(
    `
        query Members($after: String, $filter: MemberFilter, $owner: Boolean!) {
            members(first: 25, after: $after, filter: $filter) {
                nodes { ...MemberRow sessions(first: 1) @include(if: $owner) { nodes { id lastUsedAt } } }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [memberRow],
);

export type MemberRow = ResultOf<typeof MEMBERS>["members"]["nodes"][number];

export const MEMBER = graphql(
    `
        query Member($id: ID!, $owner: Boolean!) {
            node(id: $id) {
                __typename
                ... on Member {
                    ...MemberRow
                    sessions(first: 50) @include(if: $owner) {
                        nodes { id device network createdAt lastUsedAt current }
                    }
                }
            }
        }
    `,
    [memberRow],
);

export type Member = Extract<NonNullable<ResultOf<typeof MEMBER>["node"]>, { __typename: "Member" }>;

const invitationRow = graphql(`
    fragment InvitationRow on Invitation {
        id
        email
        displayName
        role
        status
        sentAt
        expiresAt
        inviter { displayName }
        client { id name }
        sites { id name }
    }
`);

export const INVITATIONS = graphql(
    `
        query Invitations($after: String) {
            invitations(first: 25, after: $after, filter: { status: [PENDING, EXPIRED] }) {
                nodes { ...InvitationRow }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [invitationRow],
);

export type InvitationRow = ResultOf<typeof INVITATIONS>["invitations"]["nodes"][number];

export const FIND_CLIENTS = graphql(`
    query FindClients($search: String) {
        clients(first: 20, filter: { search: $search }, orderBy: NAME_ASC) { nodes { id name } }
    }
`);

export const CLIENT_NAME = graphql(`
    query ClientName($id: ID!) { client(id: $id) { id name } }
`);

export const INVITE_MEMBER = graphql(
    `
        mutation InviteMember($input: InviteMemberInput!) {
            inviteMember(input: $input) { invitation { ...InvitationRow } userErrors { code message } }
        }
    `,
    [invitationRow],
);

export const RESEND_INVITATION = graphql(
    `
        mutation ResendInvitation($input: ResendInvitationInput!) {
            resendInvitation(input: $input) { invitation { ...InvitationRow } userErrors { code message } }
        }
    `,
    [invitationRow],
);

export const REVOKE_INVITATION = graphql(
    `
        mutation RevokeInvitation($input: RevokeInvitationInput!) {
            revokeInvitation(input: $input) { invitation { ...InvitationRow } userErrors { code message } }
        }
    `,
    [invitationRow],
);

export const CHANGE_MEMBER = graphql(
    `
        mutation ChangeMember($input: ChangeMemberInput!) {
            changeMember(input: $input) { member { ...MemberRow } userErrors { code message } }
        }
    `,
    [memberRow],
);

export const SUSPEND_MEMBER = graphql(`
    mutation SuspendMember($input: SuspendMemberInput!) {
        suspendMember(input: $input) { member { id suspended } userErrors { code message } }
    }
`);

export const RESUME_MEMBER = graphql(`
    mutation ResumeMember($input: ResumeMemberInput!) {
        resumeMember(input: $input) { member { id suspended } userErrors { code message } }
    }
`);

export const REMOVE_MEMBER = graphql(`
    mutation RemoveMember($input: RemoveMemberInput!) {
        removeMember(input: $input) { removedId userErrors { code message } }
    }
`);

export const TRANSFER_OWNERSHIP = graphql(`
    mutation TransferOwnership($input: TransferOwnershipInput!) {
        transferOwnership(input: $input) { member { id role } userErrors { code message } }
    }
`);

export const RESET_FACTORS = graphql(`
    mutation ResetMemberFactors($input: ResetMemberFactorsInput!) {
        resetMemberFactors(input: $input) { member { id hasFactor } userErrors { code message } }
    }
`);
