import { Plural, Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useState } from "react";
import { ConfirmButton } from "../states/ConfirmButton";
import { Chip } from "../theme/Chip";
import { Block, Section, SettingRow } from "../theme/Section";
import { EnrollApp } from "./EnrollApp";
import { REGENERATE_RECOVERY_CODES, REMOVE_TOTP, type Account } from "./queries";
import { RecoveryCodes } from "./RecoveryCodes";

/** The authenticator app and the recovery codes. */
export function FactorSection({ account }: { account: Account }) {
    const { totpEnabled, passkeys, recoveryCodesLeft } = account;
    const [enrolling, setEnrolling] = useState(false);
    const [codes, setCodes] = useState<string[]>([]);
    const hasFactor = totpEnabled || passkeys.length > 0;
    return (
        <Section
            title={<Trans>Second factor</Trans>}
            text={<Trans>With it, a stolen password is not enough to sign in. A passkey counts as one, too.</Trans>}
        >
            {enrolling ? (
                <Block>
                    <EnrollApp
                        onCancel={() => setEnrolling(false)}
                        onDone={(recoveryCodes) => {
                            setEnrolling(false);
                            setCodes(recoveryCodes);
                        }}
                    />
                </Block>
            ) : (
                <SettingRow
                    name={
                        <>
                            <Trans>Authenticator app</Trans>
                            {totpEnabled && (
                                <Chip tone="approved" icon={IconShieldCheck}>
                                    <Trans>On</Trans>
                                </Chip>
                            )}
                        </>
                    }
                    meta={<Trans>An app on your phone shows a new code every 30 seconds.</Trans>}
                >
                    {totpEnabled ? (
                        <ConfirmButton
                            label={<Trans>Remove</Trans>}
                            title={<Trans>Remove the authenticator app?</Trans>}
                            mutation={REMOVE_TOTP}
                            variables={{}}
                            dangerous
                        >
                            <Trans>Its codes no longer work, and your other sessions end.</Trans>
                        </ConfirmButton>
                    ) : (
                        <Button size="xs" variant="default" onClick={() => setEnrolling(true)}>
                            <Trans>Set up</Trans>
                        </Button>
                    )}
                </SettingRow>
            )}
            {codes.length > 0 ? (
                <Block>
                    <RecoveryCodes codes={codes} onDone={() => setCodes([])} />
                </Block>
            ) : (
                hasFactor && (
                    <SettingRow
                        name={<Trans>Recovery codes</Trans>}
                        meta={<Plural value={recoveryCodesLeft} _0="None left" one="# left" other="# left" />}
                    >
                        <ConfirmButton
                            label={<Trans>New codes</Trans>}
                            title={<Trans>Make new recovery codes?</Trans>}
                            mutation={REGENERATE_RECOVERY_CODES}
                            variables={{}}
                            onDone={({ recoveryCodes }) => setCodes(recoveryCodes ?? [])}
                        >
                            <Trans>The codes that you have now stop working.</Trans>
                        </ConfirmButton>
                    </SettingRow>
                )
            )}
        </Section>
    );
}
