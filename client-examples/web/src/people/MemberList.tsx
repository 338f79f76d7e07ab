import { Trans } from "@lingui/react/macro";
import { Center, Loader } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { useNextPage } from "../graphql/useNextPage";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { useViewer } from "../viewer/ViewerContext";
import { MemberColumns, MemberRow } from "./MemberRow";
import { MEMBERS } from "./queries";

const AGENCY = { role: ["OWNER", "OPERATOR", "MANAGER", "STAFF"] } as const;
const CLIENTS = { role: ["CLIENT"] } as const;

/** The members of the agency, or those of its clients. */
export function MemberList({ clients }: { clients: boolean }) {
    const { memberId } = useParams({ strict: false });
    const owner = useViewer().role === "OWNER";
    const [page, setPage] = useState<{ clients: boolean; after: string | null }>({ clients, after: null });
    const after = page.clients === clients ? page.after : null;
    const filter = { role: [...(clients ? CLIENTS : AGENCY).role] };
    const [{ data, error, fetching }, read] = useQuery({
        query: MEMBERS,
        variables: { filter, after, owner },
        requestPolicy: "cache-and-network",
    });
    const members = data?.members.nodes;
    const next = data?.members.pageInfo.hasNextPage ? data.members.pageInfo.endCursor : null;
    const ref = useNextPage(next, fetching, (cursor) => setPage({ clients, after: cursor }));
    if (error && !members) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!members) return <ListSkeleton height={54} />;
    if (members.length === 0) {
        return <EmptyState icon={IconUsers} title={<Trans>Nobody yet. Invite the first person.</Trans>} />;
    }
    return (
        <>
            <MemberColumns clients={clients} />
            {members.map((member) => (
                <MemberRow key={member.id} member={member} selected={member.id === memberId} />
            ))}
            {next && (
                <Center ref={ref} p="md">
                    <Loader type="dots" color="gray" size="sm" />
                </Center>
            )}
        </>
    );
}
