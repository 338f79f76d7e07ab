import { lazy, Suspense, useEffect, useState } from "react";

const Tray = lazy(() => import("./UploadTray").then(({ UploadTray }) => ({ default: UploadTray })));

/** How long the page may load before the tray does. Files that are chosen earlier wait for it. */
const DELAY = 3_000;

/** The tray, whose script is loaded after the page. */
export function LazyUploadTray() {
    const [isDue, setDue] = useState(false);
    useEffect(() => {
        const timer = setTimeout(() => setDue(true), DELAY);
        return () => clearTimeout(timer);
    }, []);
    return <Suspense>{isDue && <Tray />}</Suspense>;
}
