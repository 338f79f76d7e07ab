import { Trans } from "@lingui/react/macro";
import { formatDate } from "../text/format";
import classes from "./Request.module.css";

/** The day until which a request should be decided. An overdue one says so in words. */
export function DueDay({ dueOn, overdue, short = false }: { dueOn: string; overdue: boolean; short?: boolean }) {
    const day = formatDate(`${dueOn}T00:00`);
    return (
        <span className={classes.due} data-overdue={overdue} title={day}>
            {!overdue ? <Trans>due {day}</Trans> : short ? <Trans>Overdue</Trans> : <Trans>overdue since {day}</Trans>}
        </span>
    );
}
