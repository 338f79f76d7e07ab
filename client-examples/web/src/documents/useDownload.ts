import { useLingui } from "@lingui/react/macro";
import { useClient } from "urql";
import { notifyFailure } from "../states/notify";
import { DOWNLOAD } from "./queries";

/** Returns a function that opens a version. Its URL is valid for a short time, so that it is read at the click. */
export function useDownload() {
    const client = useClient();
    const { t } = useLingui();
    return async (versionId: string) => {
        // A browser opens a window only at the click itself.
        const target = window.open("", "_blank");
        const { data, error } = await client.query(DOWNLOAD, { id: versionId }, { requestPolicy: "network-only" }).toPromise();
        const url = data?.node?.__typename === "DocumentVersion" && data.node.download?.url;
        if (url && target) target.location.href = url;
        else {
            target?.close();
            notifyFailure(t`Not opened`, error ?? new Error(t`This file cannot be opened.`));
        }
    };
}
