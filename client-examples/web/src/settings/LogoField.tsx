import { Trans, useLingui } from "@lingui/react/macro";
import { Button, FileButton, Group, Input, Text } from "@mantine/core";
import { useState } from "react";
import { logoOf } from "./logo";
import classes from "./LogoField.module.css";

interface Props {
    value: string | null;
    onChange: (value: string | null) => void;
}

/** A logo, which the browser makes small before it is sent. */
export function LogoField({ value, onChange }: Props) {
    const { t } = useLingui();
    const [unreadable, setUnreadable] = useState(false);
    const choose = async (file: File | null) => {
        if (!file) return;
        const logo = await logoOf(file).catch(() => undefined);
        setUnreadable(!logo);
        if (logo) onChange(logo);
    };
    return (
        <Input.Wrapper label={t`Logo`} labelElement="div" mt="sm">
            <Group gap="sm" mt={4}>
                {value && <img src={value} alt={t`The present logo`} className={classes.logo} />}
                <FileButton onChange={(file) => void choose(file)} accept="image/*">
                    {(props) => (
                        <Button variant="default" {...props}>
                            <Trans>Choose an image…</Trans>
                        </Button>
                    )}
                </FileButton>
                {value && (
                    <Button variant="subtle" color="gray" onClick={() => onChange(null)}>
                        <Trans>Remove</Trans>
                    </Button>
                )}
            </Group>
            {unreadable && (
                <Text role="alert" c="red" fz="sm" mt={4}>
                    <Trans>The browser cannot read this image. Choose a PNG, JPEG or WebP file.</Trans>
                </Text>
            )}
        </Input.Wrapper>
    );
}
