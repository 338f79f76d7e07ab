import { PendingState } from "../outbox/PendingState";
import type { Entry } from "../outbox/storage";
import classes from "../theme/Card.module.css";

/** A request that the server has not confirmed. */
export const PendingRequestRow = ({ entry }: { entry: Entry<"submitRequest"> }) => (
    <div className={classes.row}>
        <span className={classes.text}>
            <span className={`truncate ${classes.title}`}>{entry.input.title}</span>
            <PendingState entry={entry} />
        </span>
    </div>
);
