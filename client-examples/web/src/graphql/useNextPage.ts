import { useIntersection } from "@mantine/hooks";
import { useEffect } from "react";

/** Calls `load` when the element with the returned ref comes near the visible part of the list. */
export function useNextPage(cursor: string | null | undefined, fetching: boolean, load: (after: string) => void) {
    const { ref, entry } = useIntersection({ rootMargin: "400px" });
    const isNear = entry?.isIntersecting;
    useEffect(() => {
        if (isNear && cursor && !fetching) load(cursor);
    });
    return ref;
}
