import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useSend } from "../graphql/useSend";
import { Block, Section, SettingRow } from "../theme/Section";
import { REQUEST_EMAIL_CHANGE, type Account } from "./queries";

/** The address for signing in, which mails to both addresses confirm before it changes. */
export function EmailSection({ account: { email } }: { account: Account }) {
    const { t } = useLingui();
    const { submit, busy, error } = useSend();
    const [open, setOpen] = useState(false);
    const [newEmail, setNewEmail] = useState("");
    const [sent, setSent] = useState(false);
    const change = async (event: FormEvent) => {
        event.preventDefault();
        const payload = await submit(REQUEST_EMAIL_CHANGE, { input: { newEmail: newEmail.trim() } });
        setSent(payload?.accepted ?? false);
    };
    return (
        <Section title={<Trans>Email address</Trans>} text={<Trans>You sign in with it, and mails go there.</Trans>}>
            <SettingRow name={email}>
                {!open && (
                    <Button size="xs" variant="default" onClick={() => setOpen(true)}>
                        <Trans>Change</Trans>
                    </Button>
                )}
            </SettingRow>
            {open && (
                <Block>
                    {sent ? (
                        <Text role="status">
                            <Trans>
                                Open the link in the mail to {email}. Then a second mail goes to {newEmail}. The links work for an hour.
                            </Trans>
                        </Text>
                    ) : (
                        <form onSubmit={(event) => void change(event)}>
                            <Stack gap="sm">
                                <TextInput
                                    type="email"
                                    label={t`New address`}
                                    description={t`A mail to each of the two addresses confirms the change.`}
                                    autoComplete="email"
                                    required
                                    withAsterisk={false}
                                    autoFocus
                                    value={newEmail}
                                    error={error}
                                    onChange={(event) => setNewEmail(event.currentTarget.value)}
                                />
                                <Group justify="flex-end" gap="xs">
                                    <Button variant="default" onClick={() => setOpen(false)}>
                                        <Trans>Cancel</Trans>
                                    </Button>
                                    <Button type="submit" loading={busy}>
                                        <Trans>Send the mail</Trans>
                                    </Button>
                                </Group>
                            </Stack>
                        </form>
                    )}
                </Block>
            )}
        </Section>
    );
}
