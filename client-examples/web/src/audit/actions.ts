import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { AuditEntry } from "./queries";

export type Action = AuditEntry["action"];

interface Group {
    name: MessageDescriptor;
    key: string;
    actions: Partial<Record<Action, MessageDescriptor>>;
}

/** The actions by area, in the order of the documentation. */
const GROUPS = [
    {
        name: msg`Signing in`,
        key: "sessions",
        actions: {
            SIGNED_IN: msg`Signed in`,
            SIGN_IN_REFUSED: msg`Sign-in refused`,
            PROOF_REFUSED: msg`Proof of identity refused`,
            SESSION_REFRESH_REFUSED: msg`Session renewal refused`,
            SESSION_ENDED: msg`Session ended`,
            ALL_SESSIONS_ENDED: msg`All sessions ended`,
            PASSWORD_CHANGED: msg`Password changed`,
            PASSWORD_RESET: msg`Password reset`,
            FACTOR_ADDED: msg`Second factor added`,
            FACTOR_REMOVED: msg`Second factor removed`,
            ADDRESS_CHANGED: msg`Address changed`,
            EXTERNAL_IDENTITY_LINKED: msg`Account at an identity provider linked`,
            EXTERNAL_IDENTITY_REMOVED: msg`Account at an identity provider removed`,
        },
    },
    {
        name: msg`People`,
        key: "members",
        actions: {
            MEMBER_INVITED: msg`Member invited`,
            INVITATION_RESENT: msg`Invitation sent again`,
            INVITATION_REVOKED: msg`Invitation revoked`,
            INVITATION_ACCEPTED: msg`Invitation accepted`,
            MEMBER_ADDED: msg`Member added`,
            MEMBER_CHANGED: msg`Member changed`,
            MEMBER_SUSPENDED: msg`Member suspended`,
            MEMBER_RESUMED: msg`Suspension of a member lifted`,
            MEMBER_REMOVED: msg`Member removed`,
            MEMBER_LEFT: msg`Member left`,
            OWNERSHIP_TRANSFERRED: msg`Ownership transferred`,
        },
    },
    {
        name: msg`Settings`,
        key: "settings",
        actions: {
            SITE_ADDED: msg`Site added`,
            SITE_CHANGED: msg`Site changed`,
            ORGANIZATION_CHANGED: msg`Settings changed`,
            ORGANIZATION_SUSPENDED: msg`Organization suspended`,
            ORGANIZATION_RESUMED: msg`Suspension of the organization lifted`,
        },
    },
    {
        name: msg`API keys`,
        key: "keys",
        actions: { API_KEY_CREATED: msg`API key created`, API_KEY_REVOKED: msg`API key revoked` },
    },
    {
        name: msg`Decisions`,
        key: "decisions",
        actions: {
            VALIDATION_ASSIGNED: msg`Request assigned`,
            VALIDATION_SHARED: msg`Request shared`,
            VALIDATION_APPROVED: msg`Request approved`,
            VALIDATION_REJECTED: msg`Request rejected`,
            VALIDATION_CHANGES_REQUESTED: msg`Request sent back`,
            QUOTE_ACCEPTED: msg`Quote accepted`,
            QUOTE_REFUSED: msg`Quote refused`,
        },
    },
    {
        name: msg`Documents`,
        key: "documents",
        actions: {
            INVOICE_ISSUED: msg`Invoice issued`,
            CREDIT_NOTE_ISSUED: msg`Credit note issued`,
            PRIVATE_DOCUMENT_DOWNLOADED: msg`Private document downloaded`,
            DOCUMENT_PURGED: msg`Document purged`,
            LEGAL_HOLD_SET: msg`Legal hold set`,
            LEGAL_HOLD_LIFTED: msg`Legal hold lifted`,
        },
    },
] as const satisfies Group[];

export const ACTION_GROUPS: readonly Group[] = GROUPS;

type KeysOf<T> = T extends unknown ? keyof T : never;

/** The names of all actions. An action that no group names does not compile. */
export const ACTION_NAMES: Record<Action, MessageDescriptor> = Object.assign({}, ...GROUPS.map(({ actions }) => actions)) as Record<
    KeysOf<(typeof GROUPS)[number]["actions"]>,
    MessageDescriptor
>;

export const REFUSALS: Record<NonNullable<AuditEntry["refusalReason"]>, MessageDescriptor> = {
    NO_MEMBERSHIP: msg`no active membership`,
    TOKEN_REUSED: msg`refresh token used again`,
    WRONG_CODE: msg`wrong code`,
    WRONG_PASSKEY: msg`passkey not accepted`,
    WRONG_PASSWORD: msg`wrong password`,
};
