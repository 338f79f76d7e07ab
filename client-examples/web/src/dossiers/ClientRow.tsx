import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ResultOf } from "../graphql/graphql";
import classes from "../hub/Table.module.css";
import { formatMoney } from "../text/format";
import { Time } from "../text/Time";
import { ClientStatusBadge } from "./ClientStatusBadge";
import type { CLIENTS } from "./queries";

type Client = ResultOf<typeof CLIENTS>["clients"]["nodes"][number];

/** A dossier: name, track, site, status, what is due, and the last activity. */
export function ClientRow({ client, selected }: { client: Client; selected: boolean }) {
    const { id, name, track, site, status, figures, lastActivityAt } = client;
    const due = figures?.filter((sums) => Number(sums.due.amount) !== 0) ?? [];
    return (
        <Link
            to="/dossiers/$clientId"
            params={{ clientId: id }}
            search={(search: object) => search}
            className={classes.row}
            data-selected={selected}
        >
            <span className="truncate">
                <span className={classes.name}>{name}</span>
                <span className={`truncate ${classes.second}`}>{[track, site?.name, ...due.map((sums) => formatMoney(sums.due))].filter(Boolean).join(" · ")}</span>
            </span>
            <span className={classes.optional}>{track}</span>
            <span className={`truncate ${classes.optional}`}>{site?.name}</span>
            <span>
                <ClientStatusBadge status={status} />
            </span>
            <span className={`figures ${classes.optional} ${classes.end}`}>{due.map((sums) => formatMoney(sums.due)).join(" · ")}</span>
            <span className={`${classes.optional} ${classes.end}`}>
                {lastActivityAt && <Time value={lastActivityAt} />}
            </span>
        </Link>
    );
}

/** The titles of the columns. Narrow lists do not show them. */
export const ColumnTitles = () => (
    <div className={classes.titles}>
        <span>
            <Trans>Name</Trans>
        </span>
        <span>
            <Trans>Track</Trans>
        </span>
        <span>
            <Trans>Site</Trans>
        </span>
        <span>
            <Trans>Status</Trans>
        </span>
        <span className={classes.end}>
            <Trans>Due</Trans>
        </span>
        <span className={classes.end}>
            <Trans>Last activity</Trans>
        </span>
    </div>
);
