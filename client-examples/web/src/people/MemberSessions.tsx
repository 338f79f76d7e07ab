import { Trans } from "@lingui/react/macro";
import { END_ALL_SESSIONS } from "../account/queries";
import { SessionRow } from "../account/SessionRow";
import { ConfirmButton } from "../states/ConfirmButton";
import { Section, SettingRow } from "../theme/Section";
import type { Member } from "./queries";

/** The open sessions of a member. Owners can end them. */
export function MemberSessions({ member: { id, displayName, sessions } }: { member: Member }) {
    const nodes = sessions?.nodes ?? [];
    return (
        <Section title={<Trans>Sessions</Trans>} text={<Trans>In this organization.</Trans>}>
            {nodes.length === 0 && <SettingRow name={<Trans>Not signed in</Trans>} />}
            {nodes.map((session) => (
                <SessionRow key={session.id} session={session} />
            ))}
            {nodes.length > 1 && (
                <SettingRow name={null}>
                    <ConfirmButton
                        label={<Trans>End all</Trans>}
                        title={<Trans>End all sessions of {displayName}?</Trans>}
                        mutation={END_ALL_SESSIONS}
                        variables={{ input: { memberId: id } }}
                        dangerous
                    >
                        <Trans>The person must sign in again on each device.</Trans>
                    </ConfirmButton>
                </SettingRow>
            )}
        </Section>
    );
}
