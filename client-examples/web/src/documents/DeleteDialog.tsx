import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { notifyUndo } from "../states/notifyUndo";
import type { DocumentFields } from "./queries";
import { useDocumentActions } from "./useDocumentActions";

interface Props {
    document: DocumentFields;
    onClose: () => void;
    onDeleted?: () => void;
}

/** Asks whether a document should be deleted. */
export function DeleteDialog({ document, onClose, onDeleted = onClose }: Props) {
    const { t } = useLingui();
    const { remove, restore } = useDocumentActions(document);
    const [error, setError] = useState<string>();
    const [busy, setBusy] = useState(false);
    const { name, status } = document;
    const confirm = async () => {
        setBusy(true);
        try {
            await remove();
            // A file that never arrived skips the trash.
            if (status === "READY") notifyUndo(t`Moved to the trash: ${name}`, restore);
            onDeleted();
        } catch (cause) {
            setError((cause as Error).message);
            setBusy(false);
        }
    };
    return (
        <Modal opened onClose={onClose} title={<Trans>Delete this file?</Trans>} closeButtonProps={{ "aria-label": t`Close` }}>
            <Text style={{ overflowWrap: "anywhere" }}>
                <Trans>“{name}” and all its versions move to the trash.</Trans>
            </Text>
            {error && (
                <Text c="var(--overdue)" fz="sm" mt="xs" role="alert">
                    {error}
                </Text>
            )}
            <Group justify="flex-end" mt="md" gap="xs">
                <Button variant="default" data-autofocus onClick={onClose}>
                    <Trans>Keep it</Trans>
                </Button>
                <Button color="red" loading={busy} onClick={() => void confirm()}>
                    <Trans>Delete</Trans>
                </Button>
            </Group>
        </Modal>
    );
}
