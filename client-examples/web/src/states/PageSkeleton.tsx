import { Skeleton, Stack } from "@mantine/core";

/** Grey lines in the shape of a page with a title and a text. */
export function PageSkeleton() {
    return (
        <Stack p="xl" gap="md" aria-busy>
            <Skeleton h={12} w={120} />
            <Skeleton h={24} w="55%" />
            <Skeleton h={64} mt="md" />
            <Skeleton h={10} w="90%" />
            <Skeleton h={10} w="80%" />
            <Skeleton h={10} w="40%" />
        </Stack>
    );
}
