import { useEffect } from "react";
import { useClient } from "urql";
import { PREVIEW } from "./queries";

/** When the preview of a new version is asked for again, in milliseconds. */
const PAUSES = [2_000, 8_000];

const FRESH = 60_000;

/** Reads the preview of a version that is so new that the server may still be making it. */
export function usePreviewSoon(version: { id: string; createdAt: string } | null, isMissing: boolean) {
    const client = useClient();
    const id = isMissing && version && Date.now() - Date.parse(version.createdAt) < FRESH ? version.id : undefined;
    useEffect(() => {
        if (!id) return;
        const timers = PAUSES.map((pause) =>
            setTimeout(() => void client.query(PREVIEW, { id }, { requestPolicy: "network-only" }).toPromise(), pause),
        );
        return () => timers.forEach(clearTimeout);
    }, [client, id]);
}
