import { lazy, Suspense } from "react";

const Tray = lazy(() => import("./UploadTray").then(({ UploadTray }) => ({ default: UploadTray })));

/** The tray, whose script is loaded after the page. */
export const LazyUploadTray = () => (
    <Suspense>
        <Tray />
    </Suspense>
);
