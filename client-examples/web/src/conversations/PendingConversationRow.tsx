import { Trans } from "@lingui/react/macro";
import type { Entry } from "../outbox/storage";
import { PendingState } from "../outbox/PendingState";
import classes from "./Conversations.module.css";

/** A conversation that the server has not confirmed. */
export const PendingConversationRow = ({ entry }: { entry: Entry<"startConversation"> }) => (
    <div className={classes.row} data-pending>
        <span className={`truncate ${classes.subject}`}>{entry.input.subject}</span>
        <span className={classes.meta}>
            <span className={`truncate ${classes.preview}`}>{entry.input.body ?? <Trans>No messages yet</Trans>}</span>
            <PendingState entry={entry} />
        </span>
    </div>
);
