import { Trans } from "@lingui/react/macro";
import { IconActivity } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import { useQuery } from "urql";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { formatDay } from "../text/format";
import classes from "./Activity.module.css";
import { ActivityRow } from "./ActivityRow";
import { withoutRepetitions } from "./repetitions";
import { ACTIVITY, type ActivityEvent, type ActivityFilter } from "./queries";

interface Props {
    filter: ActivityFilter;
    /** The last event of the page above, if there is one. */
    previous?: ActivityEvent;
}

/** A page of events, newest first, with a line for each day. The page below is read when its end comes into view. */
export function ActivityList({ filter, previous }: Props) {
    const [{ data, error }, read] = useQuery({ query: ACTIVITY, variables: { ...filter, before: previous?.cursor } });
    const [isNextShown, setNextShown] = useState(false);
    const retry = () => read({ requestPolicy: "network-only" });
    if (!data) {
        if (previous) return <LoadMore failed={error !== undefined} onVisible={error ? retry : () => {}} />;
        return error ? <ErrorState error={error} onRetry={retry} /> : <ListSkeleton height={41} rows={12} />;
    }
    const { events, hasMore } = data.activity;
    const last = events.at(-1);
    if (!last) return previous ? null : <EmptyState icon={IconActivity} title={<Trans>Nothing has happened here yet.</Trans>} />;
    return (
        <>
            <ol className={classes.list}>
                {withoutRepetitions(events).map((event, index, shown) => (
                    <Fragment key={event.id}>
                        {dayOf(event) !== dayOf(shown[index - 1] ?? previous) && <li className={classes.day}>{formatDay(event.occurredAt)}</li>}
                        <ActivityRow event={event} hideClient={Boolean(filter.clientId)} />
                    </Fragment>
                ))}
            </ol>
            {hasMore && !isNextShown && <LoadMore failed={false} onVisible={() => setNextShown(true)} />}
            {hasMore && isNextShown && <ActivityList filter={filter} previous={last} />}
        </>
    );
}

const dayOf = (event: ActivityEvent | undefined) => event && new Date(event.occurredAt).toDateString();
