import { Trans } from "@lingui/react/macro";
import { Anchor, Button, Stack } from "@mantine/core";
import { IconDeviceMobile, IconFingerprint } from "@tabler/icons-react";
import { useState } from "react";
import { passkeysSupported } from "../passkeys/webauthn";
import { AccountPage } from "../session/AccountPage";
import { session } from "../session/session";
import { useViewer } from "../viewer/ViewerContext";
import { AddPasskey } from "./AddPasskey";
import { EnrollApp } from "./EnrollApp";
import { RecoveryCodes } from "./RecoveryCodes";

type Step = { name: "choice" } | { name: "passkey" } | { name: "app" } | { name: "codes"; codes: string[] };

/** The organization requires a second factor, and the person has none yet. Nothing else is shown before. */
export function FactorRequiredPage({ onDone }: { onDone: () => void }) {
    const { organization } = useViewer();
    const [step, setStep] = useState<Step>({ name: "choice" });
    const showCodes = (codes: string[]) => setStep({ name: "codes", codes });
    const back = () => setStep({ name: "choice" });
    const name = organization?.name;
    if (step.name === "codes") {
        return (
            <AccountPage title={<Trans>Your second factor is set up</Trans>}>
                <RecoveryCodes codes={step.codes} onDone={onDone} />
            </AccountPage>
        );
    }
    return (
        <AccountPage
            title={<Trans>Set up a second factor</Trans>}
            subtitle={<Trans>{name} requires it, so that a stolen password is not enough to sign in.</Trans>}
        >
            {step.name === "app" && <EnrollApp onDone={showCodes} onCancel={back} />}
            {step.name === "passkey" && <AddPasskey onDone={showCodes} onCancel={back} />}
            {step.name === "choice" && (
                <Stack>
                    {passkeysSupported && (
                        <Button size="md" leftSection={<IconFingerprint size={18} aria-hidden />} onClick={() => setStep({ name: "passkey" })}>
                            <Trans>A passkey on this device</Trans>
                        </Button>
                    )}
                    <Button
                        size="md"
                        variant={passkeysSupported ? "default" : "filled"}
                        leftSection={<IconDeviceMobile size={18} aria-hidden />}
                        onClick={() => setStep({ name: "app" })}
                    >
                        <Trans>An authenticator app</Trans>
                    </Button>
                    <Anchor component="button" type="button" fz="sm" onClick={() => void session.signOut()}>
                        <Trans>Sign out</Trans>
                    </Anchor>
                </Stack>
            )}
        </AccountPage>
    );
}
