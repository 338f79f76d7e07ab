import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useEntries } from "../outbox/useEntries";
import { PortalTitle } from "../portal/PortalTitle";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { Card } from "../theme/Card";
import { useViewer } from "../viewer/ViewerContext";
import { MyRequestCards } from "./MyRequestCards";
import { PendingRequestRow } from "./PendingRequestRow";
import { SubmitForm } from "./SubmitForm";
import { useDossierRequests } from "./useDossierRequests";

/** The open requests of the client, and the decided ones. */
export function MyRequestsPage() {
    const { t } = useLingui();
    useDocumentTitle(t`My requests`);
    const clientId = useViewer().client!.id;
    const [opened, form] = useDisclosure();
    const { requests, error, retry, more } = useDossierRequests(clientId);
    const pending = useEntries("submitRequest");
    if (error && !requests) return <ErrorState error={error} onRetry={retry} />;
    return (
        <>
            <PortalTitle
                action={
                    <Button px="sm" leftSection={<IconPlus size={18} />} onClick={form.open}>
                        <Trans>New request</Trans>
                    </Button>
                }
            >
                <Trans>My requests</Trans>
            </PortalTitle>
            {requests ? (
                <MyRequestCards requests={requests} first={pending.length > 0 && pending.map((entry) => <PendingRequestRow key={entry.id} entry={entry} />)} />
            ) : (
                <Card>
                    <ListSkeleton rows={3} height={68} />
                </Card>
            )}
            {more && <LoadMore {...more} key={more.key} />}
            <Modal opened={opened} onClose={form.close} title={<Trans>New request</Trans>} closeButtonProps={{ "aria-label": t`Close` }}>
                <SubmitForm clientId={clientId} onDone={form.close} />
            </Modal>
        </>
    );
}
