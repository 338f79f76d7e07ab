import { Trans } from "@lingui/react/macro";
import { useQuery } from "urql";
import { ConfirmButton } from "../states/ConfirmButton";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { Section, SettingRow } from "../theme/Section";
import { useViewer } from "../viewer/ViewerContext";
import { END_ALL_SESSIONS, MY_SESSIONS } from "./queries";
import { SessionRow } from "./SessionRow";

/** The devices on which the person is signed in. */
export function SessionsSection() {
    const { organization } = useViewer();
    const [{ data, error }, read] = useQuery({ query: MY_SESSIONS, requestPolicy: "cache-and-network" });
    const sessions = data && [...data.sessions.nodes].sort((a, b) => Number(b.current) - Number(a.current));
    return (
        <Section title={<Trans>Sessions</Trans>} text={<Trans>End a session if you do not recognize it.</Trans>}>
            {error && !sessions ? (
                <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />
            ) : !sessions ? (
                <ListSkeleton rows={2} />
            ) : (
                sessions.map((session) => (
                    <SessionRow
                        key={session.id}
                        session={session}
                        organization={session.organization?.id === organization?.id ? undefined : session.organization?.name}
                    />
                ))
            )}
            {sessions && sessions.length > 1 && (
                <SettingRow name={null}>
                    <ConfirmButton
                        label={<Trans>End all others</Trans>}
                        title={<Trans>End all other sessions?</Trans>}
                        mutation={END_ALL_SESSIONS}
                        variables={{ input: {} }}
                        dangerous
                    >
                        <Trans>You stay signed in here, and must sign in again everywhere else.</Trans>
                    </ConfirmButton>
                </SettingRow>
            )}
        </Section>
    );
}
