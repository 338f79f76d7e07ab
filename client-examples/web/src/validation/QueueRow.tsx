import { useLingui } from "@lingui/react/macro";
import { Avatar, Tooltip } from "@mantine/core";
import { IconClockExclamation } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo, useEffect, useRef } from "react";
import { Time } from "../text/Time";
import classes from "./Queue.module.css";
import type { RequestRow } from "./queries";
import type { QueueSearch } from "./search";
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
    const { id, title, client, documentVersion, createdAt, assignee } = request;
    const ref = useRef<HTMLAnchorElement>(null);
    useEffect(() => {
        if (selected) ref.current?.scrollIntoView({ block: "nearest" });
    }, [selected]);
    const late = isLate(request);
    return (
        <div role="listitem">
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
                </span>
                <span className={classes.people}>
                    {viewers.map((name) => (
                        <Tooltip key={name} label={t`${name} looks at it`}>
                            <Avatar size={18} radius="xl" name={name} color="initials" variant="filled" />
                        </Tooltip>
                    ))}
                    {assignee && (
                        <Tooltip label={t`In charge: ${assignee.displayName}`}>
                            <Avatar size={18} radius="sm" name={assignee.displayName} color="initials" />
                        </Tooltip>
                    )}
                </span>
            </Link>
        </div>
    );
});
