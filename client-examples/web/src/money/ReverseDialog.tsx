import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useClient } from "urql";
import { REVERSE_PAYMENT, type Payment } from "../billing/queries";
import { send } from "../graphql/send";
import { formatMoney } from "../text/format";
import { useAction } from "../billing/useAction";

/** Asks why a payment is reversed. */
export function ReverseDialog({ payment, onClose }: { payment: Payment; onClose: () => void }) {
    const { t } = useLingui();
    const client = useClient();
    const [reason, setReason] = useState("");
    const { run, busy, error } = useAction(() => send(client, REVERSE_PAYMENT, { input: { id: payment.id, reason: reason.trim() } }), onClose);
    return (
        <Modal opened onClose={onClose} title={t`Reverse the payment?`} closeButtonProps={{ "aria-label": t`Close` }}>
            <Stack>
                <Text>
                    <Trans>
                        The payment stays, and a reversal of {payment.amount && formatMoney(payment.amount)} is added. The amount is due again.
                    </Trans>
                </Text>
                <Textarea
                    label={t`Why? The client can read it.`}
                    data-autofocus
                    autosize
                    minRows={2}
                    maxLength={1000}
                    value={reason}
                    error={error}
                    onChange={(event) => setReason(event.currentTarget.value)}
                />
                <Group justify="flex-end" gap={8}>
                    <Button variant="default" onClick={onClose}>
                        <Trans>Cancel</Trans>
                    </Button>
                    <Button color="red" disabled={!reason.trim()} loading={busy} onClick={run}>
                        <Trans>Reverse</Trans>
                    </Button>
                </Group>
            </Stack>
        </Modal>
    );
}
