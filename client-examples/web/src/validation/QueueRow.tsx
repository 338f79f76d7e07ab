import { useLingui } from "@lingui/react/macro";
import { IconClockExclamation } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo, useEffect, useRef } from "react";
import { Time } from "../text/Time";
import { PersonMark } from "../theme/PersonMark";
import classes from "./Queue.module.css";
import type { RequestRow } from "./queries";
import type { QueueSearch } from "./search";
import { DueDay } from "./DueDay";
import { isLate } from "./useRows";

interface Props {
    request: RequestRow;
    viewers: string[];
    selected: boolean;
    search: QueueSearch;
}

/** A request: what it is, whose, how long it waits, who is in charge, and who looks at it. */
export const QueueRow = memo(function QueueRow({ request, viewers, selected, search }: Props) {
    const { t } = useLingui();
    const { id, title, client, documentVersion, createdAt, assignee, dueOn, overdue } = request;
    const ref = useRef<HTMLAnchorElement>(null);
    useEffect(() => {
        if (selected) ref.current?.scrollIntoView({ block: "nearest" });
    }, [selected]);
    const late = isLate(request);
    return (
        <div role="listitem" className={classes.item}>
            <Link
                ref={ref}
                to="/validation/$requestId"
                params={{ requestId: id }}
                search={search}
                className={classes.row}
                data-selected={selected}
            >
                <span className={`truncate ${classes.title}`}>{title}</span>
                <span className={classes.age} data-late={late}>
                    {late && <IconClockExclamation size={13} style={{ verticalAlign: -2, marginRight: 3 }} aria-label={t`Late`} />}
                    <Time value={createdAt} age />
                </span>
                <span className={classes.meta}>
                    <span className="truncate">{client?.name}</span>
                    {documentVersion && <span style={{ flex: "none" }}>· v{documentVersion.number}</span>}
                    {dueOn && <DueDay dueOn={dueOn} overdue={overdue} short />}
                </span>
                <span className={classes.people}>
                    {viewers.map((name) => (
                        <PersonMark key={name} name={name} label={t`${name} looks at it`} variant="filled" />
                    ))}
                    {assignee && <PersonMark name={assignee.displayName} label={t`In charge: ${assignee.displayName}`} radius="sm" />}
                </span>
            </Link>
        </div>
    );
});
