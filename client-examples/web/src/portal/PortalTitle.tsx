import { Group, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** The title of a page of the portal, with its one action. */
export const PortalTitle = ({ children, action }: { children: ReactNode; action?: ReactNode }) => (
    <Group justify="space-between" wrap="nowrap" gap={8} mb={18} mih={42}>
        <Title order={1} fz={{ base: 19, sm: 26 }} style={{ letterSpacing: "-0.02em", overflowWrap: "anywhere" }}>
            {children}
        </Title>
        <div style={{ flex: "none" }}>{action}</div>
    </Group>
);
