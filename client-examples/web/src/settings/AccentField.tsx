import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, TextInput } from "@mantine/core";
import classes from "./AccentField.module.css";

interface Props {
    value: string | null;
    onChange: (value: string | null) => void;
}

const COLOUR = /^#[0-9a-f]{6}$/i;

/** The colour of both faces, chosen or typed. Without one, the app chooses it. */
export function AccentField({ value, onChange }: Props) {
    const { t } = useLingui();
    const valid = value !== null && COLOUR.test(value);
    return (
        <Group gap="sm" align="flex-end" wrap="nowrap">
            <TextInput
                flex={1}
                maw={280}
                label={t`Colour`}
                description={t`Of the hub and the portal. It is adjusted where texts need more contrast.`}
                placeholder="#1F5FBF"
                pattern="#[0-9A-Fa-f]{6}"
                title={t`Such as #1F5FBF`}
                maxLength={7}
                value={value ?? ""}
                onChange={(event) => onChange(event.currentTarget.value || null)}
                leftSection={
                    <input
                        type="color"
                        className={classes.colour}
                        data-empty={!valid}
                        aria-label={t`Choose the colour`}
                        value={valid ? value : "#808080"}
                        onChange={(event) => onChange(event.currentTarget.value)}
                    />
                }
            />
            {value !== null && (
                <Button variant="subtle" color="gray" onClick={() => onChange(null)}>
                    <Trans>Remove</Trans>
                </Button>
            )}
        </Group>
    );
}
