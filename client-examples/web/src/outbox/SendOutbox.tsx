import { useEffect, useRef } from "react";
import { useClient } from "urql";
import { useViewer } from "../viewer/ViewerContext";
import { outbox } from "./outbox";

/** Sends what the viewer has written, while somebody is signed in. */
export function SendOutbox() {
    const client = useClient();
    const { current: viewer } = useRef(useViewer());
    useEffect(() => outbox.open(viewer, client), [viewer, client]);
    return null;
}
