import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { AccountPage } from "./AccountPage";
import { RESET_PASSWORD } from "./operations";
import { post } from "./post";

/** The page behind the link of a mail: `/reset-password#TOKEN`. */
export function PasswordResetPage() {
    const { t } = useLingui();
    const [token] = useState(() => location.hash.slice(1));
    const [newPassword, setNewPassword] = useState("");
    const [done, setDone] = useState(false);
    const [error, setError] = useState<string>();
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        try {
            const { resetPassword } = await post(RESET_PASSWORD, { input: { token, newPassword } });
            setError(resetPassword.userErrors[0]?.message);
            setDone(resetPassword.userErrors.length === 0);
        } catch (cause) {
            setError((cause as Error).message);
        }
    };
    if (done) {
        return (
            <AccountPage title={<Trans>Your password is changed</Trans>}>
                <Stack>
                    <Text c="dimmed">
                        <Trans>All sessions of your account have ended.</Trans>
                    </Text>
                    <Button renderRoot={(props) => <Link to="/" {...props} />} size="md">
                        <Trans>Sign in</Trans>
                    </Button>
                </Stack>
            </AccountPage>
        );
    }
    return (
        <AccountPage title={<Trans>New password</Trans>} subtitle={<Trans>At least 12 characters.</Trans>}>
            <form onSubmit={(event) => void submit(event)}>
                <Stack>
                    <PasswordInput
                        size="md"
                        label={t`New password`}
                        autoComplete="new-password"
                        required
                        withAsterisk={false}
                        autoFocus
                        value={newPassword}
                        error={error}
                        onChange={(event) => setNewPassword(event.currentTarget.value)}
                    />
                    <Button type="submit" size="md">
                        <Trans>Change the password</Trans>
                    </Button>
                </Stack>
            </form>
        </AccountPage>
    );
}
