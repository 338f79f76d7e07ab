import { t } from "@lingui/core/macro";
import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { notifyFailure } from "./notify";

/** Shows that something is done, with a button that undoes it. */
export function notifyUndo(message: string, undo: () => Promise<unknown>) {
    const id = notifications.show({
        message: (
            <Group justify="space-between" gap="xs" wrap="nowrap">
                {message}
                <Button
                    variant="subtle"
                    size="compact-sm"
                    onClick={() => {
                        notifications.hide(id);
                        undo().catch((cause: unknown) => notifyFailure(message, cause));
                    }}
                >
                    {t`Undo`}
                </Button>
            </Group>
        ),
        autoClose: 10_000,
        closeButtonProps: { "aria-label": t`Close` },
    });
}
