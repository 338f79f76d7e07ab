import { Trans } from "@lingui/react/macro";
import { IconUsers } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { usePages } from "../graphql/usePages";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { useViewer } from "../viewer/ViewerContext";
import { MemberColumns, MemberRow } from "./MemberRow";
import { MEMBERS } from "./queries";

const AGENCY = { role: ["OWNER", "OPERATOR", "MANAGER", "STAFF"] } as const;
const CLIENTS = { role: ["CLIENT"] } as const;

/** The members of the agency, or those of its clients. */
export function MemberList({ clients }: { clients: boolean }) {
    const { memberId } = useParams({ strict: false });
    const owner = useViewer().role === "OWNER";
    const filter = { role: [...(clients ? CLIENTS : AGENCY).role] };
    const { rows: members, more, error, retry } = usePages(MEMBERS, { filter, owner }, "cache-and-network");
    if (error && !members) return <ErrorState error={error} onRetry={retry} />;
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
            {more && <LoadMore {...more} key={more.key} />}
        </>
    );
}
