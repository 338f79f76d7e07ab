import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { usePendingCount } from "../graphql/pending";
import { formatDateTime, formatSince } from "../text/format";
import { useConnection, type ConnectionState } from "./connection";
import classes from "./ConnectionIndicator.module.css";

/** Says whether what is displayed is current, and what waits to be sent. */
export function ConnectionIndicator() {
    const { t } = useLingui();
    const state = useConnection();
    const pending = usePendingCount();
    return (
        <div className={classes.indicator} title={explain(state, t)}>
            <span className={classes.dot} data-status={state.status} aria-hidden />
            <span className={`truncate ${classes.label}`} role="status">
                {pending > 0 && state.status !== "live" ? (
                    <Plural value={pending} one="# change waits" other="# changes wait" />
                ) : (
                    <Label state={state} />
                )}
            </span>
        </div>
    );
}

function Label({ state }: { state: ConnectionState }) {
    if (state.status === "connecting") return <Trans>Connecting…</Trans>;
    if (state.status === "reconnecting") return <Trans>Reconnecting… ({formatSince(state.since)})</Trans>;
    if (state.caughtUp === undefined) return <Trans>Live</Trans>;
    return <Plural value={state.caughtUp} _0="Nothing missed" one="# event caught up" other="# events caught up" />;
}

function explain(state: ConnectionState, t: ReturnType<typeof useLingui>["t"]) {
    if (state.status === "connecting") return t`The connection for live changes is being opened.`;
    if (state.status === "live") return t`Changes by others appear at once.`;
    return t`You see the state of ${formatDateTime(state.since)}. Nothing gets lost.`;
}
