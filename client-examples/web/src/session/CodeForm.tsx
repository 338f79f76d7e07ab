import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor, Button, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { AccountPage } from "./AccountPage";

interface Props {
    error: string | undefined;
    busy: boolean;
    onSubmit: (code: string) => void;
    onBack: () => void;
}

/** Asks for a code of the authenticator app, or for a recovery code. */
export function CodeForm({ error, busy, onSubmit, onBack }: Props) {
    const { t } = useLingui();
    const [recovery, setRecovery] = useState(false);
    const [code, setCode] = useState("");
    return (
        <AccountPage
            title={<Trans>Confirm that it is you</Trans>}
            subtitle={recovery ? <Trans>Enter one of your recovery codes.</Trans> : <Trans>Enter the code of your authenticator app.</Trans>}
        >
            <form
                onSubmit={(event) => {
                    event.preventDefault();
                    onSubmit(code.trim());
                }}
            >
                <Stack gap="md">
                    <TextInput
                        key={String(recovery)}
                        size="md"
                        label={recovery ? t`Recovery code` : t`Code`}
                        autoComplete="one-time-code"
                        inputMode={recovery ? "text" : "numeric"}
                        required
                        withAsterisk={false}
                        autoFocus
                        className="figures"
                        value={code}
                        error={error}
                        onChange={(event) => setCode(event.currentTarget.value)}
                    />
                    <Button type="submit" size="md" loading={busy}>
                        <Trans>Sign in</Trans>
                    </Button>
                    <Anchor component="button" type="button" fz="sm" onClick={() => setRecovery(!recovery)}>
                        {recovery ? <Trans>Use the authenticator app</Trans> : <Trans>Use a recovery code</Trans>}
                    </Anchor>
                    <Anchor component="button" type="button" fz="sm" onClick={onBack}>
                        <Trans>Start again</Trans>
                    </Anchor>
                </Stack>
            </form>
        </AccountPage>
    );
}
