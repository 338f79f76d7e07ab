import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { usePasskeyAutofill } from "../passkeys/usePasskeyAutofill";
import { passkeysSupported } from "../passkeys/webauthn";
import { AccountPage } from "./AccountPage";
import { CodeForm } from "./CodeForm";
import { OrganizationChoice } from "./OrganizationChoice";
import { PasswordResetRequest } from "./PasswordResetRequest";
import { SamplePeople } from "./SamplePeople";
import { useSignIn } from "./useSignIn";

interface Props {
    ended?: boolean | undefined;
}

/** Asks for one thing at a time. */
export function SignInPage({ ended }: Props) {
    const { t } = useLingui();
    const signIn = useSignIn();
    const { step, email, password, error, busy } = signIn;
    const [forgotten, setForgotten] = useState(false);
    usePasskeyAutofill(step.name === "email" && !busy && !error, (passkey) => void signIn.sendPasskey(passkey));
    if (forgotten) return <PasswordResetRequest email={email} onBack={() => setForgotten(false)} />;
    if (step.name === "organization") return <OrganizationChoice choices={step.choices} onChoose={step.choose} busy={busy} error={error} />;
    if (step.name === "code") return <CodeForm challenge={step.challenge} signIn={signIn} />;

    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (step.name === "email") signIn.setStep({ name: "password" });
        else void signIn.signIn();
    };
    return (
        <AccountPage
            title={<Trans>Sign in</Trans>}
            subtitle={step.name === "email" ? <Trans>One dossier for each client.</Trans> : email}
        >
            {ended && step.name === "email" && (
                <Alert color="yellow" mb="md" role="status">
                    <Trans>Your session has ended, or your access was withdrawn. Sign in again.</Trans>
                </Alert>
            )}
            <form onSubmit={submit}>
                <Stack gap="md">
                    {step.name === "email" ? (
                        <TextInput
                            key="email"
                            size="md"
                            type="email"
                            label={t`Email address`}
                            autoComplete="username webauthn"
                            required
                            withAsterisk={false}
                            data-autofocus
                            autoFocus
                            value={email}
                            error={error}
                            onChange={(event) => signIn.setEmail(event.currentTarget.value)}
                        />
                    ) : (
                        <PasswordInput
                            key="password"
                            size="md"
                            label={t`Password`}
                            autoComplete="current-password"
                            required
                            withAsterisk={false}
                            autoFocus
                            value={password}
                            error={error}
                            onChange={(event) => signIn.setPassword(event.currentTarget.value)}
                        />
                    )}
                    <Button type="submit" size="md" loading={busy}>
                        {step.name === "email" ? <Trans>Continue</Trans> : <Trans>Sign in</Trans>}
                    </Button>
                    {step.name === "email" && passkeysSupported && (
                        <Button
                            size="md"
                            variant="default"
                            leftSection={<IconFingerprint size={18} stroke={1.6} aria-hidden />}
                            disabled={busy}
                            onClick={() => void signIn.askPasskey()}
                        >
                            <Trans>Sign in with a passkey</Trans>
                        </Button>
                    )}
                    {step.name === "password" && (
                        <Text fz="sm" ta="center">
                            <Anchor component="button" type="button" onClick={signIn.back}>
                                <Trans>Another address</Trans>
                            </Anchor>
                            {" · "}
                            <Anchor component="button" type="button" onClick={() => setForgotten(true)}>
                                <Trans>Forgot your password?</Trans>
                            </Anchor>
                        </Text>
                    )}
                </Stack>
            </form>
            {step.name === "email" && <SamplePeople />}
        </AccountPage>
    );
}
