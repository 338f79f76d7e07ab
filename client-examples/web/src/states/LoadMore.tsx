import { Center, Loader } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { useEffect } from "react";

/** The end of a list that has further rows. It reads them when it comes into view. */
export function LoadMore({ onVisible }: { onVisible: (() => void) | undefined }) {
    const { ref, entry } = useIntersection({ rootMargin: "400px" });
    const isVisible = entry?.isIntersecting;
    useEffect(() => {
        if (isVisible) onVisible?.();
    });
    return (
        <Center ref={ref} p="md" mih={52}>
            <Loader type="dots" color="gray" size="sm" />
        </Center>
    );
}
