import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ConfirmButton } from "../states/ConfirmButton";
import { Section, SettingRow } from "../theme/Section";
import { useViewer } from "../viewer/ViewerContext";
import { REMOVE_MEMBER, RESUME_MEMBER, SUSPEND_MEMBER, TRANSFER_OWNERSHIP, type Member } from "./queries";

/** Suspends, resumes and removes a member, or makes them the owner. */
export function MemberAccess({ member: { id, displayName, role, suspended } }: { member: Member }) {
    const navigate = useNavigate();
    const owner = useViewer().role === "OWNER";
    const variables = { input: { id } };
    return (
        <Section title={<Trans>Access</Trans>}>
            {owner && (
                <SettingRow
                    name={suspended ? <Trans>Suspended</Trans> : <Trans>Suspend</Trans>}
                    meta={<Trans>A suspended member sees and does nothing until you lift it.</Trans>}
                >
                    {suspended ? (
                        <ConfirmButton
                            label={<Trans>Lift the suspension</Trans>}
                            title={<Trans>Lift the suspension of {displayName}?</Trans>}
                            mutation={RESUME_MEMBER}
                            variables={variables}
                        >
                            <Trans>The person can sign in again.</Trans>
                        </ConfirmButton>
                    ) : (
                        <ConfirmButton
                            label={<Trans>Suspend</Trans>}
                            title={<Trans>Suspend {displayName}?</Trans>}
                            mutation={SUSPEND_MEMBER}
                            variables={variables}
                            dangerous
                        >
                            <Trans>The person loses access at once. You can lift the suspension at any time.</Trans>
                        </ConfirmButton>
                    )}
                </SettingRow>
            )}
            {owner && role !== "CLIENT" && role !== "OWNER" && !suspended && (
                <SettingRow name={<Trans>Transfer ownership</Trans>} meta={<Trans>You become an operator.</Trans>}>
                    <ConfirmButton
                        label={<Trans>Make owner</Trans>}
                        title={<Trans>Make {displayName} the owner?</Trans>}
                        mutation={TRANSFER_OWNERSHIP}
                        variables={variables}
                        dangerous
                    >
                        <Trans>You become an operator, and can no longer manage people and settings.</Trans>
                    </ConfirmButton>
                </SettingRow>
            )}
            <SettingRow name={<Trans>Remove</Trans>} meta={<Trans>The name stays on what the person did.</Trans>}>
                <ConfirmButton
                    label={<Trans>Remove</Trans>}
                    title={<Trans>Remove {displayName}?</Trans>}
                    mutation={REMOVE_MEMBER}
                    variables={variables}
                    dangerous
                    onDone={() => void navigate({ to: "/people", search: (search: object) => search })}
                >
                    <Trans>The person loses access at once. Only a new invitation brings them back.</Trans>
                </ConfirmButton>
            </SettingRow>
        </Section>
    );
}
