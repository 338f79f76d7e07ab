import type { UpdateResolver } from "@urql/exchange-graphcache";
import { invalidateField } from "../graphql/invalidateField";

/** Reads lists of the root again. */
const readAgain =
    (...fields: string[]): UpdateResolver =>
    (_result, _args, cache) => {
        for (const field of fields) invalidateField(cache, "Query", field);
    };

/** The updates of cached lists of people. */
export const peopleUpdates = {
    inviteMember: readAgain("invitations"),
    resendInvitation: readAgain("invitations"),
    revokeInvitation: readAgain("invitations"),
    changeMember: readAgain("members"),
    removeMember: readAgain("members"),
    suspendMember: readAgain("members", "invitations"),
    transferOwnership: readAgain("viewer", "members"),
};
