import { useLingui } from "@lingui/react/macro";
import { SimpleGrid, Textarea, TextInput } from "@mantine/core";
import type { FieldsProps } from "./fields";

export function LegalFields({ values, onChange }: FieldsProps) {
    const { t } = useLingui();
    return (
        <>
            <TextInput
                label={t`Legal name`}
                description={t`If it is another one than the name.`}
                maxLength={200}
                value={values.legalName ?? ""}
                onChange={(event) => onChange({ legalName: event.currentTarget.value || null })}
            />
            <Textarea
                label={t`Address`}
                autosize
                minRows={3}
                maxLength={1_000}
                value={values.address ?? ""}
                onChange={(event) => onChange({ address: event.currentTarget.value || null })}
            />
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
                <TextInput
                    label={t`Registration number`}
                    description={t`Such as SIREN or SIRET.`}
                    maxLength={40}
                    value={values.registrationNumber ?? ""}
                    onChange={(event) => onChange({ registrationNumber: event.currentTarget.value || null })}
                />
                <TextInput
                    label={t`VAT number`}
                    description={t`Such as FR83404833048.`}
                    maxLength={40}
                    value={values.vatNumber ?? ""}
                    onChange={(event) => onChange({ vatNumber: event.currentTarget.value || null })}
                />
            </SimpleGrid>
            <Textarea
                label={t`Legal notice`}
                description={t`What the law requires on invoices, such as the legal form and the share capital.`}
                autosize
                minRows={2}
                maxLength={1_000}
                value={values.legalNotice ?? ""}
                onChange={(event) => onChange({ legalNotice: event.currentTarget.value || null })}
            />
        </>
    );
}
