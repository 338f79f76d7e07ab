import { Trans } from "@lingui/react/macro";
import { IconChecks } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { EmptyState } from "../states/EmptyState";
import { Card } from "../theme/Card";
import { MyRequestRow } from "./MyRequestRow";
import type { MyRequest } from "./queries";

export const isOpen = ({ status }: MyRequest) => status === "PENDING" || status === "CHANGES_REQUESTED";

const rows = (requests: MyRequest[]) => requests.map((request) => <MyRequestRow key={request.id} request={request} />);

/** The open requests of a client, and the decided ones. `first` stands above the open ones. */
export function MyRequestCards({ requests, first }: { requests: MyRequest[]; first?: ReactNode }) {
    const open = requests.filter(isOpen);
    const decided = requests.filter((request) => !isOpen(request));
    return (
        <>
            <Card>
                {first}
                {open.length > 0
                    ? rows(open)
                    : !first && <EmptyState icon={IconChecks} title={<Trans>No open request. Ask the agency for something.</Trans>} />}
            </Card>
            {decided.length > 0 && <Card title={<Trans>Done</Trans>}>{rows(decided)}</Card>}
        </>
    );
}
