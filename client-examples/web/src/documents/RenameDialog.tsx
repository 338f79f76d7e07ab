import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { DocumentFields } from "./queries";
import { useDocumentActions } from "./useDocumentActions";

/** Asks for a new name. */
export function RenameDialog({ document, onClose }: { document: DocumentFields; onClose: () => void }) {
    const { t } = useLingui();
    const { rename } = useDocumentActions(document);
    const [name, setName] = useState(document.name);
    const [error, setError] = useState<string>();
    const [busy, setBusy] = useState(false);
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        setBusy(true);
        try {
            if (name.trim() !== document.name) await rename(name.trim());
            onClose();
        } catch (cause) {
            setError((cause as Error).message);
            setBusy(false);
        }
    };
    return (
        <Modal opened onClose={onClose} title={<Trans>Rename</Trans>} closeButtonProps={{ "aria-label": t`Close` }}>
            <form onSubmit={(event) => void submit(event)}>
                <TextInput
                    label={t`Name with its extension`}
                    required
                    withAsterisk={false}
                    maxLength={200}
                    data-autofocus
                    value={name}
                    error={error}
                    // The extension stays as it is when the person types.
                    onFocus={({ currentTarget }) => currentTarget.setSelectionRange(0, Math.max(name.lastIndexOf("."), 0) || name.length)}
                    onChange={(event) => setName(event.currentTarget.value)}
                />
                <Group justify="flex-end" mt="md" gap="xs">
                    <Button variant="default" onClick={onClose}>
                        <Trans>Cancel</Trans>
                    </Button>
                    <Button type="submit" loading={busy}>
                        <Trans>Rename</Trans>
                    </Button>
                </Group>
            </form>
        </Modal>
    );
}
