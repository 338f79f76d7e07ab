import { useLingui } from "@lingui/react/macro";
import { NumberInput, Switch } from "@mantine/core";
import type { FieldsProps } from "./fields";

export function RuleFields({ values: { fourEyes, eventDays }, onChange }: FieldsProps) {
    const { t } = useLingui();
    return (
        <>
            <Switch
                label={t`Four eyes`}
                description={t`Who submits a request may not decide it.`}
                checked={fourEyes}
                onChange={(event) => onChange({ fourEyes: event.currentTarget.checked })}
            />
            <NumberInput
                label={t`Keep events for (days)`}
                description={t`A device that was away for less than this catches up without reading everything again.`}
                min={1}
                max={3_650}
                allowDecimal={false}
                clampBehavior="strict"
                maw={320}
                value={eventDays}
                onChange={(days) => typeof days === "number" && onChange({ eventDays: days })}
            />
        </>
    );
}
