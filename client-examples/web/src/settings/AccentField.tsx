import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, TextInput } from "@mantine/core";
import classes from "./AccentField.module.css";

interface Props {
    value: string | null;
    description: string;
    onChange: (value: string | null) => void;
}

const COLOUR = /^#[0-9a-f]{6}$/i;

/** A colour, chosen or typed. */
export function AccentField({ value, description, onChange }: Props) {
    const { t } = useLingui();
    const valid = value !== null && COLOUR.test(value);
    return (
        <Group gap="sm" align="flex-end" wrap="nowrap">
            <TextInput
                flex={1}
                maw={280}
                label={t`Colour`}
                description={description}
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
