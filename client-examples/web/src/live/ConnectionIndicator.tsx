import { Plural, Trans } from "@lingui/react/macro";
import { Group, Text, Tooltip } from "@mantine/core";
import { usePendingCount } from "../graphql/pending";
import { formatDateTime, formatTime } from "../text/format";
import { useConnection, type ConnectionState } from "./connection";
import classes from "./ConnectionIndicator.module.css";

/** Says whether what is displayed is current, and what waits to be sent. */
export function ConnectionIndicator() {
    const state = useConnection();
    const pending = usePendingCount();
    return (
        <Tooltip label={<Explanation state={state} />} multiline maw={260}>
            <Group gap={8} wrap="nowrap" px={6} h={20} className={classes.indicator}>
                <span className={classes.dot} data-status={state.status} aria-hidden />
                <Text fz={12} c="dimmed" className="truncate" role="status">
                    {pending > 0 && state.status !== "live" ? (
                        <Plural value={pending} one="# change waits" other="# changes wait" />
                    ) : (
                        <Label state={state} />
                    )}
                </Text>
            </Group>
        </Tooltip>
    );
}

function Label({ state }: { state: ConnectionState }) {
    if (state.status === "connecting") return <Trans>Connecting…</Trans>;
    if (state.status === "reconnecting") return <Trans>Reconnecting… ({formatTime(state.since)})</Trans>;
    if (state.caughtUp === undefined) return <Trans>Live</Trans>;
    return <Plural value={state.caughtUp} _0="Nothing missed" one="# event caught up" other="# events caught up" />;
}

function Explanation({ state }: { state: ConnectionState }) {
    if (state.status === "connecting") return <Trans>The connection for live changes is being opened.</Trans>;
    if (state.status === "live") return <Trans>Changes by others appear at once.</Trans>;
    return <Trans>You see the state of {formatDateTime(state.since)}. Nothing gets lost.</Trans>;
}
