import { useLingui } from "@lingui/react/macro";
import { Input, NumberInput, SimpleGrid } from "@mantine/core";
import { ZONES } from "../documents/zones";
import type { FieldsProps } from "./fields";

/** How long deleted files stay in the trash, and how long the files of each zone are kept in any case. */
export function TrashFields({ values: { trashDays, zoneRetention }, onChange }: FieldsProps) {
    const { t, i18n } = useLingui();
    const daysOf = (zone: string) => zoneRetention.find((retention) => retention.zone === zone)?.days;
    const retain = (changed: string, days: number | undefined) =>
        onChange({
            zoneRetention: ZONES.map(({ zone }) => ({ zone, days: zone === changed ? days : daysOf(zone) })).flatMap(({ zone, days }) =>
                days ? [{ zone, days }] : [],
            ),
        });
    return (
        <>
            <NumberInput
                label={t`Keep deleted files for (days)`}
                description={t`A lower number also applies to files that are in the trash already.`}
                min={1}
                max={365}
                allowDecimal={false}
                clampBehavior="strict"
                maw={320}
                value={trashDays}
                onChange={(days) => typeof days === "number" && onChange({ trashDays: days })}
            />
            <Input.Wrapper
                labelElement="div"
                label={t`Retention of zones (days)`}
                description={t`Counted from the upload of a file. Until then, it cannot be deleted for good.`}
            >
                <SimpleGrid cols={{ base: 2, xs: 3 }} spacing="sm" mt="xs">
                    {ZONES.map(({ zone, label }) => (
                        <NumberInput
                            key={zone}
                            label={i18n._(label)}
                            placeholder={t`None`}
                            min={1}
                            max={36_525}
                            allowDecimal={false}
                            clampBehavior="strict"
                            value={daysOf(zone) ?? ""}
                            onChange={(days) => retain(zone, typeof days === "number" ? days : undefined)}
                        />
                    ))}
                </SimpleGrid>
            </Input.Wrapper>
        </>
    );
}
