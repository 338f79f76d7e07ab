import { notificationsStore } from "@mantine/notifications";
import { Suspense, useEffect, useState } from "react";
import { lazyPart } from "./lazyPart";
import "@mantine/notifications/styles.css";
import "./Toasts.module.css";

const Toasts = lazyPart(() => import("./Toasts").then(({ Toasts }) => Toasts));

/** Short notices. Their script is loaded with the first one. */
export function LazyToasts() {
    const [isNeeded, setNeeded] = useState(false);
    useEffect(() => notificationsStore.subscribe(() => setNeeded(true)), []);
    return <Suspense>{isNeeded && <Toasts />}</Suspense>;
}
