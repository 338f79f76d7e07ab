import { Trans } from "@lingui/react/macro";
import { Group, Text } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useNetwork } from "@mantine/hooks";
import { useConnection } from "../live/connection";
import { formatSince } from "../text/format";
import { StalledBanner } from "./StalledBanner";

/** Says that the network is away, and since when what is displayed may be old, or that the server fails. */
export function OfflineBanner() {
    const { online } = useNetwork();
    const state = useConnection();
    if (online || state.status !== "reconnecting") return <StalledBanner />;
    return (
        <Group gap={8} wrap="nowrap" px="md" py={6} bg="var(--waiting-ground)" c="var(--waiting)" role="status">
            <IconCloudOff size={16} style={{ flex: "none" }} aria-hidden />
            <Text fz="sm">
                <Trans>Offline. You see the state of {formatSince(state.since)}. What you send waits.</Trans>
            </Text>
        </Group>
    );
}
