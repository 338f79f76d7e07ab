import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { outbox } from "../outbox/outbox";
import { session } from "../session/session";
import { useSession } from "../session/useSession";
import { ConfirmButton } from "../states/ConfirmButton";
import { notifyFailure } from "../states/notify";
import { Chip } from "../theme/Chip";
import { Section, SettingRow } from "../theme/Section";
import { RoleName } from "../viewer/RoleName";
import { useViewer } from "../viewer/ViewerContext";
import { LEAVE_ORGANIZATION } from "./queries";

/** The organizations to which the person belongs. */
export function MembershipsSection() {
    const { organization, role } = useViewer();
    const state = useSession();
    if (state.status !== "signedIn") return null;
    const change = async (membershipId: string, name: string) => {
        await outbox.flush();
        await session.switchTo(membershipId).catch((cause: unknown) => notifyFailure(name, cause));
    };
    return (
        <Section title={<Trans>Organizations</Trans>} text={<Trans>You see one at a time.</Trans>}>
            {state.memberships.map(({ id, organizationName, organizationSlug, role: itsRole }) => {
                const current = organizationSlug === organization?.slug && itsRole === role;
                return (
                    <SettingRow
                        key={id}
                        name={
                            <>
                                {organizationName}
                                {current && (
                                    <Chip tone="approved">
                                        <Trans>Current</Trans>
                                    </Chip>
                                )}
                            </>
                        }
                        meta={<RoleName role={itsRole} />}
                    >
                        {current ? (
                            <ConfirmButton
                                label={<Trans>Leave</Trans>}
                                title={<Trans>Leave {organizationName}?</Trans>}
                                mutation={LEAVE_ORGANIZATION}
                                variables={{}}
                                dangerous
                                onDone={() => session.end({ status: "signedOut" })}
                            >
                                <Trans>You lose access at once. Only a new invitation brings you back.</Trans>
                            </ConfirmButton>
                        ) : (
                            <Button size="xs" variant="default" onClick={() => void change(id, organizationName)}>
                                <Trans>Switch</Trans>
                            </Button>
                        )}
                    </SettingRow>
                );
            })}
        </Section>
    );
}
