import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useAction } from "../billing/useAction";

interface Props {
    opened: boolean;
    onClose: () => void;
    title: string;
    /** The consequences of issuing, and that it cannot be undone. */
    children: ReactNode;
    issue: () => Promise<unknown>;
}

/** The question before a document is issued. */
export function IssueDialog({ opened, onClose, title, children, issue }: Props) {
    const { t } = useLingui();
    const { run, busy, error } = useAction(issue, onClose);
    return (
        <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t`Close` }}>
            <Stack>
                <Text>{children}</Text>
                {error && (
                    <Text c="var(--overdue)" role="alert">
                        {error}
                    </Text>
                )}
                <Group justify="flex-end" gap={8}>
                    <Button variant="default" onClick={onClose}>
                        <Trans>Cancel</Trans>
                    </Button>
                    <Button data-autofocus loading={busy} onClick={run}>
                        <Trans>Issue</Trans>
                    </Button>
                </Group>
            </Stack>
        </Modal>
    );
}
