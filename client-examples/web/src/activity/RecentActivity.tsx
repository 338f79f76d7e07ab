import { Trans } from "@lingui/react/macro";
import { Anchor, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import { Time } from "../text/Time";
import classes from "./Activity.module.css";
import { ActivityRow } from "./ActivityRow";
import { ACTIVITY } from "./queries";
import { withoutRepetitions } from "./repetitions";
import { typesOf } from "./sentences";

const MAX_ROWS = 6;

/** The last events of a dossier. */
export function RecentActivity({ clientId }: { clientId: string }) {
    const [{ data }] = useQuery({ query: ACTIVITY, variables: { clientId, types: typesOf(undefined) } });
    const events = data && withoutRepetitions(data.activity.events).slice(0, MAX_ROWS);
    if (!events || events.length === 0) return null;
    return (
        <section className={classes.recent}>
            <div className={classes.recentHead}>
                <Title order={3} fz={13} c="dimmed">
                    <Trans>Recent activity</Trans>
                </Title>
                <Anchor fz={13} renderRoot={(props) => <Link to="/dossiers/$clientId/activity" params={{ clientId }} {...props} />}>
                    <Trans>Show all</Trans>
                </Anchor>
            </div>
            <ul className={`${classes.list} ${classes.recentList}`}>
                {events.map((event) => (
                    <ActivityRow key={event.id} event={event} hideClient time={<Time value={event.occurredAt} />} />
                ))}
            </ul>
        </section>
    );
}
