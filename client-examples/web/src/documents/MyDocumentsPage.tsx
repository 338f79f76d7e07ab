import { Trans, useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { IconFiles } from "@tabler/icons-react";
import { usePages } from "../graphql/usePages";
import { PortalTitle } from "../portal/PortalTitle";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
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
    const { rows, more, error, retry } = usePages(MY_DOCUMENTS, { clientId });
    const { allowed, sendFiles } = useSendFiles();
    const documents = rows && sortDocuments(rows, "UPDATED_AT_DESC");
    return (
        <DropZone label={t`Drop the files to send them`} disabled={!allowed} onDrop={sendFiles}>
            <PortalTitle action={allowed && <SendFilesButton onFiles={sendFiles} />}>
                <Trans>My documents</Trans>
            </PortalTitle>
            <Card>
                {error && !documents ? (
                    <ErrorState error={error} onRetry={retry} />
                ) : !documents ? (
                    <ListSkeleton rows={5} height={68} />
                ) : documents.length === 0 ? (
                    <EmptyState icon={IconFiles} title={<Trans>No documents yet. What the agency publishes appears here.</Trans>} />
                ) : (
                    documents.map((document) => <DocumentRow key={document.id} document={document} />)
                )}
            </Card>
            {more && <LoadMore {...more} key={more.key} />}
        </DropZone>
    );
}
