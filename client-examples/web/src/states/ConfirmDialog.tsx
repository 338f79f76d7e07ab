import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
    title: ReactNode;
    /** The consequences. */
    children: ReactNode;
    /** The label of the button that does it. */
    action: ReactNode;
    busy: boolean;
    error: string | undefined;
    /** Whether it cannot be undone. */
    dangerous?: boolean;
    onConfirm: () => void;
    onClose: () => void;
}

/** One short question before an action. */
export function ConfirmDialog({ title, children, action, busy, error, dangerous = false, onConfirm, onClose }: Props) {
    const { t } = useLingui();
    return (
        <Modal opened onClose={onClose} title={title} size="sm" closeButtonProps={{ "aria-label": t`Close` }}>
            <Text>{children}</Text>
            {error && (
                <Text c="var(--overdue)" mt="sm" role="alert">
                    {error}
                </Text>
            )}
            <Group justify="flex-end" gap="xs" mt="lg">
                <Button variant="default" onClick={onClose}>
                    <Trans>Cancel</Trans>
                </Button>
                <Button color={dangerous ? "red" : undefined} loading={busy} data-autofocus onClick={onConfirm}>
                    {action}
                </Button>
            </Group>
        </Modal>
    );
}
