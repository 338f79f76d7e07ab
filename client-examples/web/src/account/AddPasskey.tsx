import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useSend } from "../graphql/useSend";
import { createCredential } from "../passkeys/webauthn";
import { Cancelled } from "../states/Cancelled";
import { ADD_PASSKEY, BEGIN_REGISTRATION } from "./queries";

interface Props {
    /** Called with the recovery codes, if the passkey is the first factor. */
    onDone: (recoveryCodes: string[]) => void;
    onCancel?: () => void;
}

/** Adds a passkey of this device. */
export function AddPasskey({ onDone, onCancel }: Props) {
    const { t } = useLingui();
    const { submit, busy, error, setError } = useSend();
    const [name, setName] = useState("");
    const add = async (event: FormEvent) => {
        event.preventDefault();
        const begun = await submit(BEGIN_REGISTRATION, {});
        if (!begun) return;
        try {
            const credential = await createCredential(begun.options!);
            const payload = await submit(ADD_PASSKEY, { input: { attempt: begun.attempt!, credential, name: name.trim() } });
            if (payload) onDone(payload.recoveryCodes ?? []);
        } catch (cause) {
            if (!(cause instanceof Cancelled)) setError((cause as Error).message);
        }
    };
    return (
        <form onSubmit={(event) => void add(event)}>
            <Stack gap="sm">
                <TextInput
                    label={t`Name of the passkey`}
                    description={t`For example the device: “Claire’s phone”.`}
                    required
                    withAsterisk={false}
                    maxLength={100}
                    autoFocus
                    value={name}
                    error={error}
                    onChange={(event) => setName(event.currentTarget.value)}
                />
                <Group justify="flex-end" gap="xs">
                    {onCancel && (
                        <Button variant="default" onClick={onCancel}>
                            <Trans>Cancel</Trans>
                        </Button>
                    )}
                    <Button type="submit" loading={busy} leftSection={<IconFingerprint size={18} stroke={1.6} aria-hidden />}>
                        <Trans>Create the passkey</Trans>
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}
