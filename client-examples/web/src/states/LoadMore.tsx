import { Trans } from "@lingui/react/macro";
import { Button, Center, Loader } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { useEffect, useRef } from "react";

interface Props {
    /** Reads further rows. Give the position of these rows as `key`, so that each position is read once. */
    onVisible: () => void;
    /** Whether the last attempt failed. */
    failed: boolean;
}

/** The end of a list that has further rows. It reads them when it comes into view. */
export function LoadMore({ onVisible, failed }: Props) {
    const { ref, entry } = useIntersection({ rootMargin: "400px" });
    const isVisible = entry?.isIntersecting;
    const read = useRef(onVisible);
    useEffect(() => {
        if (isVisible) read.current();
    }, [isVisible]);
    return (
        <Center ref={ref} p="md" mih={52}>
            {failed ? (
                <Button variant="default" size="xs" onClick={onVisible}>
                    <Trans>Not loaded. Try again</Trans>
                </Button>
            ) : (
                <Loader type="dots" color="gray" size="sm" />
            )}
        </Center>
    );
}
