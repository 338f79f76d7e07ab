import { Trans } from "@lingui/react/macro";
import { Button, Group, Stack, Text } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Block, Section, Sections } from "../theme/Section";
import classes from "./TokenCard.module.css";

/** The token of a new key. The server does not show it again. */
export function TokenCard({ name, token }: { name: string; token: string }) {
    const { copy, copied } = useClipboard();
    return (
        <Sections>
            <Section title={name} text={<Trans>The key works from now on.</Trans>}>
                <Block>
                    <Stack gap="sm">
                        <Text>
                            <Trans>Copy the token now. It is not shown again.</Trans>
                        </Text>
                        <div className={classes.token}>{token}</div>
                        <Group gap="xs">
                            <Button
                                leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                                onClick={() => copy(token)}
                            >
                                {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
                            </Button>
                            <Button variant="default" renderRoot={(props) => <Link to="/settings/keys" {...props} />}>
                                <Trans>To the keys</Trans>
                            </Button>
                        </Group>
                    </Stack>
                </Block>
            </Section>
        </Sections>
    );
}
