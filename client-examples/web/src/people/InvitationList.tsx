import { Trans } from "@lingui/react/macro";
import { Center, Loader } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useState } from "react";
import { useQuery } from "urql";
import { useNextPage } from "../graphql/useNextPage";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { InvitationRow } from "./InvitationRow";
import { INVITATIONS } from "./queries";

/** The invitations that nobody has accepted yet. */
export function InvitationList() {
    const [after, setAfter] = useState<string | null>(null);
    const [{ data, error, fetching }, read] = useQuery({
        query: INVITATIONS,
        variables: { after },
        requestPolicy: "cache-and-network",
    });
    const invitations = data?.invitations.nodes.filter(({ status }) => status === "PENDING" || status === "EXPIRED");
    const next = data?.invitations.pageInfo.hasNextPage ? data.invitations.pageInfo.endCursor : null;
    const ref = useNextPage(next, fetching, setAfter);
    if (error && !invitations) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!invitations) return <ListSkeleton height={57} />;
    if (invitations.length === 0) return <EmptyState icon={IconMail} title={<Trans>No open invitations.</Trans>} />;
    return (
        <>
            {invitations.map((invitation) => (
                <InvitationRow key={invitation.id} invitation={invitation} />
            ))}
            {next && (
                <Center ref={ref} p="md">
                    <Loader type="dots" color="gray" size="sm" />
                </Center>
            )}
        </>
    );
}
