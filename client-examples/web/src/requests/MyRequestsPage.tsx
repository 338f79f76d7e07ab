import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconChecks, IconPlus } from "@tabler/icons-react";
import { useEntries } from "../outbox/useEntries";
import { PortalTitle } from "../portal/PortalTitle";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { Card } from "../theme/Card";
import { useViewer } from "../viewer/ViewerContext";
import { MyRequestRow } from "./MyRequestRow";
import { PendingRequestRow } from "./PendingRequestRow";
import type { MyRequest } from "./queries";
import { SubmitForm } from "./SubmitForm";
import { useDossierRequests } from "./useDossierRequests";

const isOpen = ({ status }: MyRequest) => status === "PENDING" || status === "CHANGES_REQUESTED";

/** The open requests of the client, and the decided ones. */
export function MyRequestsPage() {
    const { t } = useLingui();
    useDocumentTitle(t`My requests`);
    const clientId = useViewer().client!.id;
    const [opened, form] = useDisclosure();
    const { requests, error, retry, more } = useDossierRequests(clientId);
    const pending = useEntries("submitRequest");
    if (error && !requests) return <ErrorState error={error} onRetry={retry} />;
    const rows = (shown: MyRequest[]) => shown.map((request) => <MyRequestRow key={request.id} request={request} />);
    const open = requests?.filter(isOpen);
    const decided = requests?.filter((request) => !isOpen(request));
    return (
        <>
            <PortalTitle
                action={
                    <Button leftSection={<IconPlus size={18} />} onClick={form.open}>
                        <Trans>New request</Trans>
                    </Button>
                }
            >
                <Trans>My requests</Trans>
            </PortalTitle>
            <Card>
                {pending.map((entry) => (
                    <PendingRequestRow key={entry.id} entry={entry} />
                ))}
                {!open ? (
                    <ListSkeleton rows={3} height={68} />
                ) : open.length === 0 && pending.length === 0 ? (
                    <EmptyState icon={IconChecks} title={<Trans>No open request. Ask the agency for something.</Trans>} />
                ) : (
                    rows(open)
                )}
            </Card>
            {decided && decided.length > 0 && <Card title={<Trans>Done</Trans>}>{rows(decided)}</Card>}
            {more && <LoadMore {...more} key={more.key} />}
            <Modal opened={opened} onClose={form.close} title={<Trans>New request</Trans>} closeButtonProps={{ "aria-label": t`Close` }}>
                <SubmitForm clientId={clientId} onDone={form.close} />
            </Modal>
        </>
    );
}
