import { Trans } from "@lingui/react/macro";
import { IconMail } from "@tabler/icons-react";
import { usePages } from "../graphql/usePages";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { InvitationRow } from "./InvitationRow";
import { INVITATIONS } from "./queries";

const NO_VARIABLES = {};

/** The invitations that nobody has accepted yet. */
export function InvitationList() {
    const { rows, more, error, retry } = usePages(INVITATIONS, NO_VARIABLES, "cache-and-network");
    const invitations = rows?.filter(({ status }) => status === "PENDING" || status === "EXPIRED");
    if (error && !invitations) return <ErrorState error={error} onRetry={retry} />;
    if (!invitations) return <ListSkeleton height={57} />;
    if (invitations.length === 0) return <EmptyState icon={IconMail} title={<Trans>No open invitations.</Trans>} />;
    return (
        <>
            {invitations.map((invitation) => (
                <InvitationRow key={invitation.id} invitation={invitation} />
            ))}
            {more && <LoadMore {...more} key={more.key} />}
        </>
    );
}
