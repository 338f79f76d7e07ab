import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useSend } from "../graphql/useSend";
import { FormError } from "../states/FormError";
import { notifyDone } from "../states/notify";
import { chooseLanguage, languageOf } from "../text/language";
import { Block, Section } from "../theme/Section";
import { UPDATE_PROFILE, type Account } from "./queries";

/** The name, and the language of the app and of mails. */
export function ProfileSection({ account }: { account: Account }) {
    const { t } = useLingui();
    const { submit, busy, error } = useSend();
    const [displayName, setDisplayName] = useState(account.displayName);
    const [locale, setLocale] = useState(account.locale ?? "");
    // The language of the account may have a region that the app does not offer.
    const locales = new Map([["fr-FR", "Français"], ["en-GB", "English"]]);
    if (locale && !locales.has(locale)) locales.set(locale, locale);
    const changed = displayName !== account.displayName || locale !== (account.locale ?? "");
    const save = async (event: FormEvent) => {
        event.preventDefault();
        const payload = await submit(UPDATE_PROFILE, { input: { displayName, locale: locale || null } });
        if (!payload) return;
        if (locale) await chooseLanguage(languageOf([locale]));
        notifyDone(t`Saved`);
    };
    return (
        <Section title={<Trans>Profile</Trans>} text={<Trans>Others see your name on what you do.</Trans>}>
            <Block>
                <form onSubmit={(event) => void save(event)}>
                    <Stack gap="sm">
                        <TextInput
                            label={t`Name`}
                            autoComplete="name"
                            required
                            withAsterisk={false}
                            maxLength={200}
                            value={displayName}
                            onChange={(event) => setDisplayName(event.currentTarget.value)}
                        />
                        <NativeSelect
                            label={t`Language`}
                            description={t`Of this app and of the mails to you.`}
                            value={locale}
                            onChange={(event) => setLocale(event.currentTarget.value)}
                            data={[
                                { value: "", label: t`As the organization` },
                                ...[...locales].map(([value, label]) => ({ value, label })),
                            ]}
                        />
                        <FormError>{error}</FormError>
                        <Group justify="flex-end">
                            <Button type="submit" disabled={!changed} loading={busy}>
                                <Trans>Save</Trans>
                            </Button>
                        </Group>
                    </Stack>
                </form>
            </Block>
        </Section>
    );
}
