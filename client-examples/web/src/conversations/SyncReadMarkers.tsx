import { useEffect } from "react";
import { useClient } from "urql";
import { useConnection } from "../live/connection";
import { readMarkers, sendMarkers, watchMarkers } from "./readMarkers";

/** Keeps the read markers of this page and of the viewer's other devices equal. */
export function SyncReadMarkers() {
    const client = useClient();
    const isLive = useConnection().status === "live";
    useEffect(() => watchMarkers(() => readMarkers(client)), [client]);
    useEffect(() => {
        if (isLive) sendMarkers(client);
    }, [isLive, client]);
    return null;
}
