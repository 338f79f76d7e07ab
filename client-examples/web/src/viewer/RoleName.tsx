import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
import type { Viewer } from "./queries";

const NAMES = {
    OWNER: msg`Owner`,
    OPERATOR: msg`Operator`,
    MANAGER: msg`Manager`,
    STAFF: msg`Staff`,
    CLIENT: msg`Client`,
};

/** A role in words. */
export function RoleName({ role }: { role: Viewer["role"] }) {
    return useLingui().i18n._(NAMES[role]);
}

/** Returns all roles in words. */
export function useRoleNames() {
    const { i18n } = useLingui();
    return Object.fromEntries(Object.entries(NAMES).map(([role, name]) => [role, i18n._(name)])) as Record<Viewer["role"], string>;
}
