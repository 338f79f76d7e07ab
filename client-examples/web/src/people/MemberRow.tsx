import { Trans } from "@lingui/react/macro";
import { Avatar } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import table from "../hub/Table.module.css";
import { Time } from "../text/Time";
import { RoleName } from "../viewer/RoleName";
import { MemberState } from "./MemberState";
import classes from "./People.module.css";
import type { MemberRow as Row } from "./queries";

/** A member: name, role, sites or dossier, factor, and last use. */
export function MemberRow({ member, selected }: { member: Row; selected: boolean }) {
    const { id, displayName, email, role, client, sites, sessions } = member;
    // The newest session. The API has no last use of a member.
    const used = sessions?.nodes[0]?.lastUsedAt;
    return (
        <Link
            to="/people/$memberId"
            params={{ memberId: id }}
            search={(search: object) => search}
            className={table.row}
            data-selected={selected}
        >
            <Avatar size={30} radius="xl" name={displayName} color="initials" aria-hidden />
            <span className={classes.who}>
                <span className={`truncate ${table.name}`}>{displayName}</span>
                <span className={`truncate ${classes.email}`}>{email ?? client?.name}</span>
                <span className={`truncate ${table.second}`}>
                    <RoleName role={role} />
                    {sites.length > 0 && ` · ${sites.map(({ name }) => name).join(", ")}`}
                </span>
            </span>
            <span className={table.optional}>
                <RoleName role={role} />
            </span>
            <span className={`truncate ${table.optional}`}>{client?.name ?? sites.map(({ name }) => name).join(", ")}</span>
            <span className={classes.state}>
                <MemberState member={member} />
            </span>
            <span className={`${table.optional} ${table.end}`}>{used && <Time value={used} />}</span>
        </Link>
    );
}

/** The titles of the columns. Narrow lists do not show them. */
export const MemberColumns = ({ clients }: { clients: boolean }) => (
    <div className={table.titles}>
        <span />
        <span>
            <Trans>Name</Trans>
        </span>
        <span>
            <Trans>Role</Trans>
        </span>
        <span>{clients ? <Trans>Dossier</Trans> : <Trans>Sites</Trans>}</span>
        <span />
        <span className={table.end}>
            <Trans>Last use</Trans>
        </span>
    </div>
);
