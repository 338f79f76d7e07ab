import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { passkeysSupported } from "../passkeys/webauthn";
import { AccountPage } from "./AccountPage";
import type { Challenge, useSignIn } from "./useSignIn";

interface Props {
    challenge: Challenge;
    signIn: ReturnType<typeof useSignIn>;
    /** Called after each attempt. */
    onDone?: () => void;
}

type Way = "app" | "passkey" | "recovery";

/** Asks for the second factor: a passkey, a code of the authenticator app, or a recovery code. */
export function CodeForm({ challenge, signIn: { error, busy, sendCode, askPasskey, back }, onDone }: Props) {
    const { t } = useLingui();
    const ways: Way[] = [
        ...(challenge.acceptsPasskey && passkeysSupported ? (["passkey"] as const) : []),
        ...(challenge.acceptsAppCode ? (["app"] as const) : []),
        "recovery",
    ];
    const [way, setWay] = useState<Way>(ways[0]!);
    const [code, setCode] = useState("");
    const subtitles = {
        passkey: <Trans>Use your passkey: your finger, your face or the PIN of the device.</Trans>,
        app: <Trans>Enter the code of your authenticator app.</Trans>,
        recovery: <Trans>Enter one of your recovery codes.</Trans>,
    };
    const others = {
        passkey: <Trans>Use a passkey</Trans>,
        app: <Trans>Use the authenticator app</Trans>,
        recovery: <Trans>Use a recovery code</Trans>,
    };
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        await (way === "passkey" ? askPasskey(challenge.token) : sendCode(challenge.token, code.trim()));
        onDone?.();
    };
    return (
        <AccountPage title={<Trans>Confirm that it is you</Trans>} subtitle={subtitles[way]}>
            <form onSubmit={(event) => void submit(event)}>
                <Stack gap="md">
                    {way === "passkey" ? (
                        error && (
                            <Text c="var(--overdue)" role="alert">
                                {error}
                            </Text>
                        )
                    ) : (
                        <TextInput
                            key={way}
                            size="md"
                            label={way === "recovery" ? t`Recovery code` : t`Code`}
                            autoComplete="one-time-code"
                            inputMode={way === "recovery" ? "text" : "numeric"}
                            required
                            withAsterisk={false}
                            autoFocus
                            className="figures"
                            value={code}
                            error={error}
                            onChange={(event) => setCode(event.currentTarget.value)}
                        />
                    )}
                    <Button
                        type="submit"
                        size="md"
                        loading={busy}
                        autoFocus={way === "passkey"}
                        leftSection={way === "passkey" && <IconFingerprint size={18} stroke={1.6} aria-hidden />}
                    >
                        {way === "passkey" ? <Trans>Use a passkey</Trans> : <Trans>Sign in</Trans>}
                    </Button>
                    {ways
                        .filter((other) => other !== way)
                        .map((other) => (
                            <Anchor key={other} component="button" type="button" fz="sm" onClick={() => setWay(other)}>
                                {others[other]}
                            </Anchor>
                        ))}
                    <Anchor component="button" type="button" fz="sm" onClick={back}>
                        <Trans>Start again</Trans>
                    </Anchor>
                </Stack>
            </form>
        </AccountPage>
    );
}
