import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useSend } from "../graphql/useSend";
import { FormError } from "../states/FormError";
import { notifyDone } from "../states/notify";
import { Block, Section, SettingRow } from "../theme/Section";
import { CHANGE_PASSWORD, type Account } from "./queries";

/** Changes the password. All other sessions of the person end. */
export function PasswordSection({ account }: { account: Account }) {
    const { t } = useLingui();
    const { submit, busy, error, setError } = useSend();
    const [open, setOpen] = useState(false);
    const [currentPassword, setCurrentPassword] = useState("");
    const [newPassword, setNewPassword] = useState("");
    const close = () => {
        setOpen(false);
        setError(undefined);
        setCurrentPassword("");
        setNewPassword("");
    };
    const change = async (event: FormEvent) => {
        event.preventDefault();
        if (!(await submit(CHANGE_PASSWORD, { input: { currentPassword, newPassword } }))) return;
        close();
        notifyDone(t`Your password is changed. Your other sessions have ended.`);
    };
    return (
        <Section title={<Trans>Password</Trans>}>
            {!open ? (
                <SettingRow name="••••••••••••">
                    <Button size="xs" variant="default" onClick={() => setOpen(true)}>
                        <Trans>Change</Trans>
                    </Button>
                </SettingRow>
            ) : (
                <Block>
                    <form onSubmit={(event) => void change(event)}>
                        <Stack gap="sm">
                            <input type="hidden" autoComplete="username" value={account.email ?? ""} readOnly />
                            <PasswordInput
                                label={t`Current password`}
                                autoComplete="current-password"
                                required
                                withAsterisk={false}
                                autoFocus
                                value={currentPassword}
                                onChange={(event) => setCurrentPassword(event.currentTarget.value)}
                            />
                            <PasswordInput
                                label={t`New password`}
                                description={t`At least 12 characters. Your other sessions end.`}
                                autoComplete="new-password"
                                required
                                withAsterisk={false}
                                minLength={12}
                                value={newPassword}
                                onChange={(event) => setNewPassword(event.currentTarget.value)}
                            />
                            <FormError>{error}</FormError>
                            <Group justify="flex-end" gap="xs">
                                <Button variant="default" onClick={close}>
                                    <Trans>Cancel</Trans>
                                </Button>
                                <Button type="submit" loading={busy}>
                                    <Trans>Change the password</Trans>
                                </Button>
                            </Group>
                        </Stack>
                    </form>
                </Block>
            )}
        </Section>
    );
}
