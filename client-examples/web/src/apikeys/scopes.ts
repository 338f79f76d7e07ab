import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { Scope } from "./queries";

/** The scopes that a key can have, by what they are about. Each one after the first of a group requires the first. */
export const SCOPE_GROUPS: { name: MessageDescriptor; scopes: Scope[] }[] = [
    { name: msg`Dossiers`, scopes: ["CLIENTS_READ", "CLIENTS_WRITE", "CLIENTS_INVITE"] },
    { name: msg`Documents`, scopes: ["DOCUMENTS_READ", "DOCUMENTS_WRITE"] },
    { name: msg`Messages`, scopes: ["CONVERSATIONS_READ", "CONVERSATIONS_WRITE"] },
    { name: msg`Validation`, scopes: ["VALIDATION_READ", "VALIDATION_WRITE", "VALIDATION_DECIDE"] },
    { name: msg`Quotes and invoices`, scopes: ["BILLING_READ", "BILLING_WRITE", "BILLING_ANSWER"] },
    { name: msg`People`, scopes: ["MEMBERS_READ"] },
];

export const SCOPE_NAMES: Partial<Record<Scope, MessageDescriptor>> = {
    CLIENTS_READ: msg`See clients`,
    CLIENTS_WRITE: msg`Create and change clients`,
    CLIENTS_INVITE: msg`Invite people to a dossier, and remove them`,
    DOCUMENTS_READ: msg`See documents`,
    DOCUMENTS_WRITE: msg`Upload, publish, change and delete documents`,
    CONVERSATIONS_READ: msg`See conversations`,
    CONVERSATIONS_WRITE: msg`Start and close conversations, post messages`,
    VALIDATION_READ: msg`See requests`,
    VALIDATION_WRITE: msg`Submit and withdraw requests`,
    VALIDATION_DECIDE: msg`Approve, reject, assign and share requests`,
    BILLING_READ: msg`See quotes, invoices and payments`,
    BILLING_WRITE: msg`Write and issue them, record payments`,
    BILLING_ANSWER: msg`Accept and refuse quotes`,
    MEMBERS_READ: msg`See members and invitations`,
};

/** Returns the scopes that a scope requires. All that is in a dossier requires to see clients. */
function requiredBy(scope: Scope): Scope[] {
    const group = SCOPE_GROUPS.find(({ scopes }) => scopes.includes(scope))!.scopes;
    return scope === "MEMBERS_READ" ? [] : [group[0]!, "CLIENTS_READ"];
}

/** Returns the scopes after a scope was chosen or not: with what it requires, or without what requires it. */
export function toggle(scopes: Scope[], scope: Scope): Scope[] {
    if (scopes.includes(scope)) return scopes.filter((other) => other !== scope && !requiredBy(other).includes(scope));
    return [...new Set([...scopes, ...requiredBy(scope), scope])];
}

/** Returns the scope as the documentation writes it, such as `clients:read`. */
export const scopeText = (scope: Scope) => scope.toLowerCase().replace("_", ":");
