import { Trans } from "@lingui/react/macro";
import { IconFiles, IconProgressCheck } from "@tabler/icons-react";
import { DocumentRow } from "../documents/DocumentRow";
import { MyRequestRow } from "../requests/MyRequestRow";
import { EmptyState } from "../states/EmptyState";
import { Card } from "../theme/Card";
import type { HomeLists } from "./Home";
import { SeeAll } from "./SeeAll";

const MAX_ROWS = 4;

/** The work in progress: the requests that the agency has, and the last deliverables. */
export function LabSections({ requests, documents }: HomeLists) {
    const pending = requests.filter(({ status }) => status === "PENDING");
    // What the client has sent themselves is no deliverable.
    const delivered = documents.filter(({ uploader }) => uploader.kind !== "CLIENT");
    return (
        <>
            <Card title={<Trans>In progress</Trans>} action={<SeeAll to="/portal/requests" shown={Math.min(pending.length, MAX_ROWS)} total={requests.length} />}>
                {pending.length === 0 ? (
                    <EmptyState compact icon={IconProgressCheck} title={<Trans>The agency has no open request of yours.</Trans>} />
                ) : (
                    pending.slice(0, MAX_ROWS).map((request) => <MyRequestRow key={request.id} request={request} />)
                )}
            </Card>
            <Card title={<Trans>Last deliverables</Trans>} action={<SeeAll to="/portal/documents" shown={Math.min(delivered.length, MAX_ROWS)} total={documents.length} />}>
                {delivered.length === 0 ? (
                    <EmptyState compact icon={IconFiles} title={<Trans>No deliverables yet. What the agency publishes appears here.</Trans>} />
                ) : (
                    delivered.slice(0, MAX_ROWS).map((document) => <DocumentRow key={document.id} document={document} />)
                )}
            </Card>
        </>
    );
}
