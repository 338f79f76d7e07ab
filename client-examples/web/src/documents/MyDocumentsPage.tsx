import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconFiles } from "@tabler/icons-react";
import { useState } from "react";
import { useQuery } from "urql";
import { PortalTitle } from "../portal/PortalTitle";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { Card } from "../theme/Card";
import { DropZone } from "../uploads/DropZone";
import { useViewer } from "../viewer/ViewerContext";
import { DocumentRow } from "./DocumentRow";
import { MY_DOCUMENTS } from "./queries";
import { SendFilesButton } from "./SendFilesButton";
import { sortDocuments } from "./sortDocuments";
import { useSendFiles } from "./useSendFiles";

/** The documents that the agency has published, and those that the client has sent. */
export function MyDocumentsPage() {
    const { t } = useLingui();
    useDocumentTitle(t`My documents`);
    const clientId = useViewer().client!.id;
    const [after, setAfter] = useState<string | null>(null);
    const [{ data, error, fetching }, read] = useQuery({ query: MY_DOCUMENTS, variables: { clientId, after } });
    const { allowed, sendFiles } = useSendFiles();
    const documents = data && sortDocuments(data.documents.nodes, "UPDATED_AT_DESC");
    const next = data?.documents.pageInfo.hasNextPage ? data.documents.pageInfo.endCursor : null;
    return (
        <DropZone label={t`Drop the files to send them`} disabled={!allowed} onDrop={sendFiles}>
            <PortalTitle action={allowed && <SendFilesButton onFiles={sendFiles} />}>
                <Trans>My documents</Trans>
            </PortalTitle>
            <Card>
                {error && !documents ? (
                    <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />
                ) : !documents ? (
                    <ListSkeleton rows={5} height={68} />
                ) : documents.length === 0 ? (
                    <EmptyState icon={IconFiles} title={<Trans>No documents yet. What the agency publishes appears here.</Trans>} />
                ) : (
                    documents.map((document) => <DocumentRow key={document.id} document={document} />)
                )}
            </Card>
            {next && (
                <Button variant="default" fullWidth loading={fetching} onClick={() => setAfter(next)}>
                    <Trans>Show more</Trans>
                </Button>
            )}
        </DropZone>
    );
}
