import { useCallback, useEffect, useState } from "react";
import { useClient } from "urql";
import { DOWNLOAD } from "./queries";

/** Reads the URL of a version. It is valid for some minutes, and can be read again. */
export function useDownloadUrl(versionId: string) {
    const client = useClient();
    const [url, setUrl] = useState<string>();
    const [failed, setFailed] = useState(false);
    const read = useCallback(async () => {
        const { data } = await client.query(DOWNLOAD, { id: versionId }, { requestPolicy: "network-only" }).toPromise();
        const next = data?.node?.__typename === "DocumentVersion" ? data.node.download?.url : undefined;
        setFailed(!next);
        setUrl(next);
    }, [client, versionId]);
    useEffect(() => void read(), [read]);
    return { url, failed, read };
}
