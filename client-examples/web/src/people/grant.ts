import type { Viewer } from "../viewer/queries";

type Role = Viewer["role"];

/** A role with its sites or its dossier. */
export interface Grant {
    role: Role;
    siteIds: string[];
    clientId: string | null;
}

export const ROLES: Role[] = ["OPERATOR", "MANAGER", "STAFF", "CLIENT", "OWNER"];

export const needsSites = (role: Role) => role === "MANAGER" || role === "STAFF";

/** Whether the role has the sites or the dossier that it needs. */
export const isComplete = ({ role, siteIds, clientId }: Grant) =>
    needsSites(role) ? siteIds.length > 0 : role === "CLIENT" ? clientId !== null : true;

/** Returns the fields of the input, without those that the role does not have. */
export const grantInput = ({ role, siteIds, clientId }: Grant) => ({
    role,
    ...(needsSites(role) && { siteIds }),
    ...(role === "CLIENT" && { clientId }),
});
