import { notificationsStore } from "@mantine/notifications";
import { lazy, Suspense, useEffect, useState } from "react";

const Toasts = lazy(() => import("./Toasts").then((toasts) => ({ default: toasts.Toasts })));

/** Short notices. Their script is loaded with the first one. */
export function LazyToasts() {
    const [isNeeded, setNeeded] = useState(false);
    useEffect(() => notificationsStore.subscribe(() => setNeeded(true)), []);
    return <Suspense>{isNeeded && <Toasts />}</Suspense>;
}
