import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { AccountPage } from "./AccountPage";
import { REQUEST_PASSWORD_RESET } from "./operations";
import { post } from "./post";

/** Asks the server to send a link for a new password. */
export function PasswordResetRequest({ email: initial, onBack }: { email: string; onBack: () => void }) {
    const { t } = useLingui();
    const [email, setEmail] = useState(initial);
    const [sent, setSent] = useState(false);
    const [error, setError] = useState<string>();
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        try {
            const { requestPasswordReset } = await post(REQUEST_PASSWORD_RESET, { input: { email } });
            setError(requestPasswordReset.userErrors[0]?.message);
            setSent(requestPasswordReset.userErrors.length === 0);
        } catch (cause) {
            setError((cause as Error).message);
        }
    };
    const back = (
        <Anchor component="button" type="button" fz="sm" onClick={onBack}>
            <Trans>Back to signing in</Trans>
        </Anchor>
    );
    if (sent) {
        return (
            <AccountPage title={<Trans>Look into your mailbox</Trans>}>
                <Stack>
                    <Text>
                        <Trans>If {email} has an account, a link is on its way. It works once, for 30 minutes.</Trans>
                    </Text>
                    {back}
                </Stack>
            </AccountPage>
        );
    }
    return (
        <AccountPage title={<Trans>New password</Trans>} subtitle={<Trans>You get a link by mail.</Trans>}>
            <form onSubmit={(event) => void submit(event)}>
                <Stack>
                    <TextInput
                        size="md"
                        type="email"
                        label={t`Email address`}
                        required
                        withAsterisk={false}
                        value={email}
                        error={error}
                        onChange={(event) => setEmail(event.currentTarget.value)}
                    />
                    <Button type="submit" size="md">
                        <Trans>Send the link</Trans>
                    </Button>
                    {back}
                </Stack>
            </form>
        </AccountPage>
    );
}
