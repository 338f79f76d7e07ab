import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Divider, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useClient, useQuery } from "urql";
import type { VariablesOf } from "../graphql/graphql";
import { getPasskey } from "../passkeys/getPasskey";
import { passkeysSupported } from "../passkeys/webauthn";
import { Cancelled } from "../states/Cancelled";
import { ListSkeleton } from "../states/ListSkeleton";
import { proof } from "./proof";
import { CONFIRM_IDENTITY, FACTORS } from "./queries";

type Input = VariablesOf<typeof CONFIRM_IDENTITY>["input"];

/** Asks for the password or, from people with a second factor, for a code or a passkey. */
export function ProofDialog() {
    const { t } = useLingui();
    const client = useClient();
    const [{ data, error: readError }] = useQuery({ query: FACTORS, requestPolicy: "network-only" });
    const [secret, setSecret] = useState("");
    const [error, setError] = useState<string>();
    const [busy, setBusy] = useState(false);

    const confirm = async (input: () => Promise<Input>) => {
        setBusy(true);
        setError(undefined);
        try {
            const { data, error } = await client.mutation(CONFIRM_IDENTITY, { input: await input() }).toPromise();
            const message = error?.graphQLErrors[0]?.message ?? error?.message ?? data?.confirmIdentity.userErrors[0]?.message;
            if (!message) return proof.accept();
            setError(message);
        } catch (cause) {
            if (!(cause instanceof Cancelled)) setError((cause as Error).message);
        }
        setBusy(false);
    };
    const viewer = data?.viewer;
    const hasPasskey = viewer && viewer.passkeys.length > 0;
    const hasFactor = viewer && (viewer.totpEnabled || hasPasskey);
    const submit = (event: FormEvent) => {
        event.preventDefault();
        void confirm(async () => (hasFactor ? { code: secret.trim() } : { password: secret }));
    };
    return (
        <Modal
            opened
            onClose={proof.cancel}
            title={<Trans>Confirm that it is you</Trans>}
            size="sm"
            closeButtonProps={{ "aria-label": t`Close` }}
        >
            <Text c="dimmed" fz="sm" mb="md">
                <Trans>This change is sensitive. The confirmation is valid for 10 minutes.</Trans>
            </Text>
            {readError && !viewer && <Text c="var(--overdue)" role="alert">{readError.message}</Text>}
            {!viewer && !readError && <ListSkeleton rows={1} />}
            {viewer && (
                <form onSubmit={submit}>
                    <Stack gap="sm">
                        {hasPasskey && passkeysSupported && (
                            <>
                                <Button
                                    data-autofocus
                                    leftSection={<IconFingerprint size={18} aria-hidden />}
                                    disabled={busy}
                                    onClick={() => void confirm(async () => ({ passkey: await getPasskey(client) }))}
                                >
                                    <Trans>Use a passkey</Trans>
                                </Button>
                                <Divider label={<Trans>or</Trans>} />
                            </>
                        )}
                        {hasFactor ? (
                            <TextInput
                                label={viewer.totpEnabled ? t`Code of the authenticator app, or a recovery code` : t`Recovery code`}
                                autoComplete="one-time-code"
                                required
                                withAsterisk={false}
                                data-autofocus={!hasPasskey || undefined}
                                className="figures"
                                value={secret}
                                error={error}
                                onChange={(event) => setSecret(event.currentTarget.value)}
                            />
                        ) : (
                            <PasswordInput
                                label={t`Password`}
                                autoComplete="current-password"
                                required
                                withAsterisk={false}
                                data-autofocus
                                value={secret}
                                error={error}
                                onChange={(event) => setSecret(event.currentTarget.value)}
                            />
                        )}
                        <Button type="submit" variant={hasPasskey ? "default" : "filled"} loading={busy}>
                            <Trans>Confirm</Trans>
                        </Button>
                    </Stack>
                </form>
            )}
        </Modal>
    );
}
