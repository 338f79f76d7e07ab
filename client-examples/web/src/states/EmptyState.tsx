import { Stack, Text } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
    icon: Icon;
    title: ReactNode;
    /** Whether it stands inside of a card, and not on a page of its own. */
    compact?: boolean;
    /** Whether the page has no other heading. */
    heading?: boolean;
    /** The one action that makes sense here. */
    children?: ReactNode;
}

/** One sentence, and at most one action. */
export function EmptyState({ icon: Icon, title, compact = false, heading = false, children }: Props) {
    return (
        <Stack align="center" justify="center" gap="sm" p="xl" ta="center" mih={compact ? 120 : 240} flex={1}>
            <Icon size={28} stroke={1.5} color="var(--ink-3)" aria-hidden />
            <Text component={heading ? "h1" : "p"} fw={400} m={0} c="dimmed" maw={360}>
                {title}
            </Text>
            {children}
        </Stack>
    );
}
