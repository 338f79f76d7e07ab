import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { cursorUrl, useLocalFolder } from "./cursor";
import type { DocumentFields } from "./queries";

interface Props {
    document: DocumentFields;
    clientId: string;
    onClose: () => void;
}

/** Asks once where the dossier is on this computer, and then opens the file. */
export function CursorDialog({ document, clientId, onClose }: Props) {
    const { t } = useLingui();
    const [folder, setFolder] = useLocalFolder(clientId);
    const [text, setText] = useState(folder);
    const submit = (event: FormEvent) => {
        event.preventDefault();
        setFolder(text.trim());
        location.href = cursorUrl(text.trim(), document);
        onClose();
    };
    const { zone, name } = document;
    return (
        <Modal opened onClose={onClose} title={<Trans>Open in Cursor</Trans>} closeButtonProps={{ "aria-label": t`Close` }}>
            <form onSubmit={submit}>
                <TextInput
                    label={t`Folder of this dossier on this computer`}
                    description={t`This browser remembers it.`}
                    placeholder="/home/claire/dossiers/martin"
                    required
                    withAsterisk={false}
                    data-autofocus
                    value={text}
                    onChange={(event) => setText(event.currentTarget.value)}
                />
                <Text fz={12} c="dimmed" mt="xs" style={{ overflowWrap: "anywhere" }}>
                    <Trans>Opens {`${text.trim() || "…"}/${zone}/${name}`}</Trans>
                </Text>
                <Group justify="flex-end" mt="md">
                    <Button type="submit">
                        <Trans>Open</Trans>
                    </Button>
                </Group>
            </form>
        </Modal>
    );
}
