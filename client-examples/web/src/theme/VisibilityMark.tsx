import { Trans } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { IconEye, IconEyeOff } from "@tabler/icons-react";

/** Says whether the client can see something: an open eye, or a closed one. */
export const VisibilityMark = ({ visible }: { visible: boolean }) => (
    <Text span fz={12} c="dimmed" style={{ display: "inline-flex", alignItems: "center", gap: 4 }}>
        {visible ? <IconEye size={15} stroke={1.7} aria-hidden /> : <IconEyeOff size={15} stroke={1.7} aria-hidden />}
        {visible ? <Trans>Visible to the client</Trans> : <Trans>Internal</Trans>}
    </Text>
);
