import { Group, Skeleton, Stack } from "@mantine/core";

/** Grey rows in the shape of a list. */
export function ListSkeleton({ rows = 8, height = 57 }: { rows?: number; height?: number }) {
    return (
        <div aria-busy>
            {Array.from({ length: rows }, (_, row) => (
                <Group key={row} h={height} px="md" justify="space-between" wrap="nowrap">
                    <Stack gap={6} flex={1}>
                        <Skeleton h={11} w={`${62 - ((row * 17) % 30)}%`} />
                        <Skeleton h={9} w={`${38 - ((row * 11) % 18)}%`} />
                    </Stack>
                    <Skeleton h={9} w={28} />
                </Group>
            ))}
        </div>
    );
}
