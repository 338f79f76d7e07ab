import { Trans } from "@lingui/react/macro";
import { Button, Code, Stack, Text, Title } from "@mantine/core";
import { IconMoodSad } from "@tabler/icons-react";

/** A page that failed, or whose script did not arrive. Another attempt loads everything again. */
export const PageError = ({ error }: { error: unknown }) => (
    <Stack align="center" justify="center" gap="xs" p="xl" ta="center" role="alert" mih={320}>
        <IconMoodSad size={28} stroke={1.5} color="var(--ink-3)" aria-hidden />
        <Title order={1} fz={16}>
            <Trans>This page could not be shown.</Trans>
        </Title>
        <Text c="dimmed" maw={420}>
            <Trans>What you wrote and sent is safe. Load the page again. If this does not help, tell us what is written below.</Trans>
        </Text>
        <Code maw={420} style={{ overflowWrap: "anywhere" }}>
            {String((error as Error).message)}
        </Code>
        <Button variant="default" size="xs" mt="xs" onClick={() => location.reload()}>
            <Trans>Load again</Trans>
        </Button>
    </Stack>
);
