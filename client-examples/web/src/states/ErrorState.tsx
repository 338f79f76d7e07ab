import { Trans } from "@lingui/react/macro";
import { Button, Code, Stack, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import type { CombinedError } from "urql";

interface Props {
    error: CombinedError | Error;
    onRetry: () => void;
}

/** An error in the server's words, the request id, and a button to try again. */
export function ErrorState({ error, onRetry }: Props) {
    const refusal = "graphQLErrors" in error ? error.graphQLErrors[0] : undefined;
    const requestId = refusal?.extensions.requestId as string | undefined;
    return (
        <Stack align="center" justify="center" gap="xs" p="xl" ta="center" role="alert" mih={240}>
            <IconPlugConnectedX size={28} stroke={1.5} color="var(--ink-3)" aria-hidden />
            <Text fw={600}>{refusal ? <Trans>This cannot be shown.</Trans> : <Trans>The server cannot be reached.</Trans>}</Text>
            <Text c="dimmed" maw={420}>
                {refusal?.message ?? <Trans>Check your connection, and try again.</Trans>}
            </Text>
            {requestId && <Code>{requestId}</Code>}
            <Button variant="default" size="xs" mt="xs" onClick={onRetry}>
                <Trans>Try again</Trans>
            </Button>
        </Stack>
    );
}
