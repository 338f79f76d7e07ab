import { useLingui } from "@lingui/react/macro";
import { NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { AccentField } from "./AccentField";
import type { FieldsProps } from "./fields";

const TIME_ZONES = Intl.supportedValuesOf("timeZone");
const LOCALES = [
    { value: "fr-FR", label: "Français" },
    { value: "en-GB", label: "English" },
];

/** Returns the choices with the present one, which may be another one. */
const withPresent = <Choice extends string | { value: string }>(choices: Choice[], present: string) =>
    choices.some((choice) => (typeof choice === "string" ? choice : choice.value) === present) ? choices : [present, ...choices];

export function OrganizationFields({ values: { name, slug, locale, timeZone, currency, accentColor }, onChange }: FieldsProps) {
    const { t } = useLingui();
    return (
        <>
            <TextInput
                label={t`Name`}
                required
                withAsterisk={false}
                maxLength={200}
                value={name}
                onChange={(event) => onChange({ name: event.currentTarget.value })}
            />
            <AccentField
                value={accentColor}
                description={t`Of the hub and the portal. It is adjusted where texts need more contrast.`}
                onChange={(accentColor) => onChange({ accentColor })}
            />
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
                <NativeSelect
                    label={t`Language`}
                    value={locale}
                    onChange={(event) => onChange({ locale: event.currentTarget.value })}
                    data={withPresent(LOCALES, locale)}
                />
                <NativeSelect
                    label={t`Time zone`}
                    value={timeZone}
                    onChange={(event) => onChange({ timeZone: event.currentTarget.value })}
                    data={withPresent(TIME_ZONES, timeZone)}
                />
                <TextInput label={t`Currency`} description={t`Cannot be changed.`} value={currency} readOnly variant="filled" />
                <TextInput label={t`Short name`} description={t`For signing in. Cannot be changed.`} value={slug} readOnly variant="filled" />
            </SimpleGrid>
        </>
    );
}
