import { notifications } from "@mantine/notifications";
import { t } from "@lingui/core/macro";
import { Refused } from "../graphql/send";

/** Shows why something failed, in the server's words. */
export function notifyFailure(title: string, cause: unknown) {
    const requestId = cause instanceof Refused ? cause.requestId : undefined;
    const message = [(cause as Error).message, requestId && t`Request ${requestId}`].filter(Boolean).join(" · ");
    notifications.show({ title, message, color: "red", autoClose: 10_000 });
}
