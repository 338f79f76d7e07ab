import { Trans, useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { IconFiles } from "@tabler/icons-react";
import { useQuery } from "urql";
import { PortalTitle } from "../portal/PortalTitle";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { Card } from "../theme/Card";
import { useViewer } from "../viewer/ViewerContext";
import { DocumentRow } from "./DocumentRow";
import { MY_DOCUMENTS } from "./queries";

/** The documents that the agency has published, and those that the client has sent. */
export function MyDocumentsPage() {
    const { t } = useLingui();
    useDocumentTitle(t`My documents`);
    const clientId = useViewer().client!.id;
    const [{ data, error }, read] = useQuery({ query: MY_DOCUMENTS, variables: { clientId } });
    const documents = data && [...data.documents.nodes].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
    return (
        <>
            <PortalTitle>
                <Trans>My documents</Trans>
            </PortalTitle>
            <Card>
                {error && !documents ? (
                    <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />
                ) : !documents ? (
                    <ListSkeleton rows={5} height={65} />
                ) : documents.length === 0 ? (
                    <EmptyState icon={IconFiles} title={<Trans>No documents yet. What the agency publishes appears here.</Trans>} />
                ) : (
                    documents.map((document) => <DocumentRow key={document.id} document={document} />)
                )}
            </Card>
        </>
    );
}
