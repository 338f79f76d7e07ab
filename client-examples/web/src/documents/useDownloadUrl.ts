import { useCallback, useEffect, useState } from "react";
import { useClient } from "urql";
import { DOWNLOAD } from "./queries";

/** Reads the URL of a version, and that of its preview. Each is valid for some minutes, and can be read again. */
export function useDownloadUrl(versionId: string) {
    const client = useClient();
    const [url, setUrl] = useState<string>();
    const [preview, setPreview] = useState<string>();
    const [failed, setFailed] = useState(false);
    const read = useCallback(async () => {
        const { data } = await client.query(DOWNLOAD, { id: versionId }, { requestPolicy: "network-only" }).toPromise();
        const version = data?.node?.__typename === "DocumentVersion" ? data.node : undefined;
        const next = version?.download?.url;
        setPreview(version?.large?.url);
        setFailed(!next);
        setUrl(next);
    }, [client, versionId]);
    useEffect(() => void read(), [read]);
    return { url, preview, failed, read };
}
