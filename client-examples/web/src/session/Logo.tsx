import { Group, Text } from "@mantine/core";

/** The name of the product with its sign. */
export const Logo = () => (
    <Group gap={10}>
        <img src="/icon.svg" width={26} height={26} alt="" />
        <Text fw={600} fz={16} style={{ letterSpacing: "-0.01em" }}>
            Dossier
        </Text>
    </Group>
);
