import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconAlertCircle, IconClock } from "@tabler/icons-react";
import { useConnection } from "../live/connection";
import { outbox } from "./outbox";
import classes from "./PendingState.module.css";
import type { Entry } from "./storage";

/** Says why an entry was not confirmed yet, and lets the person remove it, or try again. */
export function PendingState({ entry: { id, failure } }: { entry: Entry }) {
    const { status } = useConnection();
    if (!failure && status === "live") {
        return (
            <span className={classes.state}>
                <Trans>Sending…</Trans>
            </span>
        );
    }
    return (
        <span className={classes.state} data-failed={failure !== undefined}>
            <span className={classes.reason}>
                {failure ? <IconAlertCircle size={14} aria-hidden /> : <IconClock size={14} aria-hidden />}
                <span>{failure ? failure.message : <Trans>Waits for the connection</Trans>}</span>
            </span>
            {failure && (
                <Button size="compact-xs" variant="subtle" onClick={() => outbox.retry(id)}>
                    <Trans>Try again</Trans>
                </Button>
            )}
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => outbox.remove(id)}>
                <Trans>Remove</Trans>
            </Button>
        </span>
    );
}
