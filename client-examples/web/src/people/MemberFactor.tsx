import { Trans } from "@lingui/react/macro";
import { ConfirmButton } from "../states/ConfirmButton";
import { Section, SettingRow } from "../theme/Section";
import { RESET_FACTORS, type Member } from "./queries";

/** The second factor of a member. Owners remove it for people who have lost it. */
export const MemberFactor = ({ member: { id, displayName, hasFactor } }: { member: Member }) => (
    <Section title={<Trans>Second factor</Trans>}>
        <SettingRow name={hasFactor ? <Trans>The person has one.</Trans> : <Trans>The person has none.</Trans>}>
            {hasFactor && (
                <ConfirmButton
                    label={<Trans>Reset</Trans>}
                    title={<Trans>Reset the second factor of {displayName}?</Trans>}
                    mutation={RESET_FACTORS}
                    variables={{ input: { id } }}
                    dangerous
                >
                    <Trans>
                        The authenticator app, the passkeys and the recovery codes are removed. Do this only if you are sure that the
                        person asked for it.
                    </Trans>
                </ConfirmButton>
            )}
        </SettingRow>
    </Section>
);
