import { Suspense, useEffect, useState } from "react";
import { useClient } from "urql";
import { lazyPart } from "../theme/lazyPart";
import { useViewer } from "../viewer/ViewerContext";
import "./UploadTray.module.css";
import { uploads, useUploads } from "./uploads";

const Tray = lazyPart(() => import("./UploadTray").then(({ UploadTray }) => UploadTray));

/** How long the page may load before the tray does, unless there are uploads. */
const DELAY = 3_000;

/** Sends the viewer's uploads, and shows them in a tray, whose script is loaded after the page. */
export function LazyUploadTray() {
    const { id } = useViewer();
    const client = useClient();
    const hasUploads = useUploads().length > 0;
    const [isDue, setDue] = useState(false);
    useEffect(() => uploads.start(id, client), [id, client]);
    useEffect(() => {
        const timer = setTimeout(() => setDue(true), DELAY);
        return () => clearTimeout(timer);
    }, []);
    return <Suspense>{(isDue || hasUploads) && <Tray />}</Suspense>;
}
