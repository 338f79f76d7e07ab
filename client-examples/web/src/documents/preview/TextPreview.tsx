import { Trans } from "@lingui/react/macro";
import { Skeleton, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import classes from "./Preview.module.css";

/** How much of a text is shown, in bytes. */
const SHOWN = 256 * 1024;

/** The beginning of a text. */
export function TextPreview({ url, name, onError }: { url: string; name: string; onError: () => void }) {
    const [text, setText] = useState<{ value: string; cut: boolean }>();
    useEffect(() => {
        const controller = new AbortController();
        fetch(url, { headers: { Range: `bytes=0-${SHOWN - 1}` }, signal: controller.signal })
            .then(async (response) => {
                if (!response.ok) throw new Error(response.statusText);
                const bytes = await response.arrayBuffer();
                setText({ value: new TextDecoder().decode(bytes), cut: bytes.byteLength === SHOWN });
            })
            .catch(() => controller.signal.aborted || onError());
        return () => controller.abort();
        // The functions of the parent do not change what is read.
    }, [url]); // eslint-disable-line react-hooks/exhaustive-deps
    if (!text) return <Skeleton h={240} radius={0} />;
    return (
        <>
            <pre className={classes.text} tabIndex={0} aria-label={name}>
                {text.value}
            </pre>
            {text.cut && (
                <Text fz={12} c="dimmed" p="xs">
                    <Trans>Only the beginning is shown.</Trans>
                </Text>
            )}
        </>
    );
}
