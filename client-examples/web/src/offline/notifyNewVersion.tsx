import { Trans } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

const ID = "new-version";

/** Says that the page can be loaded again for a new version. It waits, because the person may be writing. */
export const notifyNewVersion = () =>
    notifications.show({
        id: ID,
        autoClose: false,
        withCloseButton: true,
        message: (
            <Group justify="space-between" wrap="nowrap" gap="sm">
                <Text span fz="sm">
                    <Trans>A new version is ready.</Trans>
                </Text>
                <Button size="compact-sm" variant="subtle" onClick={() => location.reload()}>
                    <Trans>Load it</Trans>
                </Button>
            </Group>
        ),
    });
