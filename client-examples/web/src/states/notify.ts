import { notifications } from "@mantine/notifications";
import { t } from "@lingui/core/macro";
import { Refused } from "../graphql/send";
import { Cancelled } from "./Cancelled";

const closeButton = () => ({ closeButtonProps: { "aria-label": t`Close` } });

/** Shows why something failed, in the server's words. */
export function notifyFailure(title: string, cause: unknown) {
    if (cause instanceof Cancelled) return;
    const requestId = cause instanceof Refused ? cause.requestId : undefined;
    const message = [(cause as Error).message, requestId && t`Request ${requestId}`].filter(Boolean).join(" · ");
    notifications.show({ title, message, color: "red", autoClose: 10_000, ...closeButton() });
}

/** Shows that something is done. */
export const notifyDone = (message: string) => notifications.show({ message, autoClose: 3_000, ...closeButton() });
