import { Plural, Trans } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { pending, useStalledCount } from "../graphql/pending";

/** Says that the server fails, and lets the person try again, or give up. */
export function StalledBanner() {
    const count = useStalledCount();
    if (count === 0) return null;
    return (
        <Group gap={8} px="md" py={6} bg="var(--overdue-ground)" c="var(--overdue)" role="alert">
            <Text fz="sm" flex="1 1 260px">
                <Trans>The server does not answer as it should.</Trans>{" "}
                <Plural value={count} one="# change is not confirmed." other="# changes are not confirmed." />
            </Text>
            <Group gap={8} wrap="nowrap">
                <Button size="compact-sm" color="red" onClick={() => pending.resume()}>
                    <Trans>Try again</Trans>
                </Button>
                <Button size="compact-sm" variant="subtle" color="red" c="inherit" onClick={() => pending.giveUp()}>
                    <Trans>Give up</Trans>
                </Button>
            </Group>
        </Group>
    );
}
