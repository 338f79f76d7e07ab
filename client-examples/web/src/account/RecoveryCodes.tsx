import { Trans } from "@lingui/react/macro";
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload, IconPrinter } from "@tabler/icons-react";
import { useClipboard } from "@mantine/hooks";
import classes from "./RecoveryCodes.module.css";

interface Props {
    codes: string[];
    onDone: () => void;
}

/** New recovery codes. The server does not show them again. */
export function RecoveryCodes({ codes, onDone }: Props) {
    const { copy, copied } = useClipboard();
    const text = codes.join("\n");
    const download = () => {
        const url = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
        const link = Object.assign(document.createElement("a"), { href: url, download: "dossier-recovery-codes.txt" });
        link.click();
        URL.revokeObjectURL(url);
    };
    return (
        <Stack gap="sm" className={classes.sheet}>
            <Text fw={600}>
                <Trans>Your recovery codes</Trans>
            </Text>
            <Text>
                <Trans>Each code works once, if you lose your device. Keep them in a safe place: they are not shown again.</Trans>
            </Text>
            <ul className={classes.codes}>
                {codes.map((code) => (
                    <li key={code}>{code}</li>
                ))}
            </ul>
            <Group gap="xs" className={classes.actions}>
                <Button
                    size="xs"
                    variant="default"
                    leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                    onClick={() => copy(text)}
                >
                    {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
                </Button>
                <Button size="xs" variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={download}>
                    <Trans>Download</Trans>
                </Button>
                <Button size="xs" variant="default" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => print()}>
                    <Trans>Print</Trans>
                </Button>
                <Button size="xs" ml="auto" onClick={onDone}>
                    <Trans>I have kept them</Trans>
                </Button>
            </Group>
        </Stack>
    );
}
