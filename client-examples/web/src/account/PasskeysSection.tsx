import { Trans } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { passkeysSupported } from "../passkeys/webauthn";
import { Block, Section, SettingRow } from "../theme/Section";
import { AddPasskey } from "./AddPasskey";
import { PasskeyRow } from "./PasskeyRow";
import type { Account } from "./queries";
import { RecoveryCodes } from "./RecoveryCodes";

/** The passkeys of the person. */
export function PasskeysSection({ account: { passkeys } }: { account: Account }) {
    const [adding, setAdding] = useState(false);
    const [codes, setCodes] = useState<string[]>([]);
    return (
        <Section
            title={<Trans>Passkeys</Trans>}
            text={<Trans>Sign in with your finger, your face or the PIN of a device, without a password.</Trans>}
        >
            {passkeys.map((passkey) => (
                <PasskeyRow key={passkey.id} passkey={passkey} />
            ))}
            {codes.length > 0 && (
                <Block>
                    <RecoveryCodes codes={codes} onDone={() => setCodes([])} />
                </Block>
            )}
            {adding ? (
                <Block>
                    <AddPasskey
                        onCancel={() => setAdding(false)}
                        onDone={(recoveryCodes) => {
                            setAdding(false);
                            setCodes(recoveryCodes);
                        }}
                    />
                </Block>
            ) : passkeysSupported ? (
                <SettingRow name={passkeys.length === 0 ? <Trans>No passkey yet</Trans> : null}>
                    <Button size="xs" variant="default" onClick={() => setAdding(true)}>
                        <Trans>Add a passkey</Trans>
                    </Button>
                </SettingRow>
            ) : (
                <Block>
                    <Text c="dimmed" fz="sm">
                        <Trans>This browser offers no passkeys at this address. They need a host name, such as localhost.</Trans>
                    </Text>
                </Block>
            )}
        </Section>
    );
}
