import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useClient } from "urql";
import { readDecimal, writeDecimal } from "../billing/decimal";
import { dayIn } from "../billing/format";
import { METHODS } from "../billing/methods";
import { RECORD_PAYMENT, type Invoice, type Payment } from "../billing/queries";
import { send } from "../graphql/send";
import { formatMoney } from "../text/format";
import { useViewer } from "../viewer/ViewerContext";
import { useAction } from "../billing/useAction";

/** Records a payment of what is due, or of a part of it. */
export function PaymentDialog({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
    const { t, i18n } = useLingui();
    const client = useClient();
    const today = dayIn(useViewer().organization!.timeZone);
    const { id, amountDue, currency } = invoice;
    const [typed, setTyped] = useState(() => writeDecimal(amountDue.amount, i18n.locale));
    const [method, setMethod] = useState<Payment["method"]>("TRANSFER");
    const [receivedOn, setReceivedOn] = useState(today);
    const [reference, setReference] = useState("");
    const amount = readDecimal(typed, i18n.locale);
    const input = { invoiceId: id, amount: amount!, method, receivedOn: receivedOn || null, reference: reference.trim() || null };
    const { run, busy, error } = useAction(() => send(client, RECORD_PAYMENT, { input }), onClose);
    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (amount) run();
    };
    return (
        <Modal opened onClose={onClose} title={t`Record a payment`} closeButtonProps={{ "aria-label": t`Close` }}>
            <form onSubmit={submit}>
                <Stack gap="sm">
                    <TextInput
                        label={t`Amount received (${currency})`}
                        description={t`Due: ${formatMoney(amountDue)}`}
                        inputMode="decimal"
                        data-autofocus
                        value={typed}
                        error={error ?? (amount === null && typed !== "" && t`This is not an amount.`)}
                        onChange={(event) => setTyped(event.currentTarget.value)}
                    />
                    <Group grow gap="sm" align="start">
                        <NativeSelect
                            label={t`Method`}
                            value={method}
                            onChange={(event) => setMethod(event.currentTarget.value as Payment["method"])}
                            data={Object.entries(METHODS).map(([value, label]) => ({ value, label: i18n._(label) }))}
                        />
                        <TextInput
                            type="date"
                            label={t`Received on`}
                            max={today}
                            value={receivedOn}
                            onChange={(event) => setReceivedOn(event.currentTarget.value)}
                        />
                    </Group>
                    <TextInput
                        label={t`Reference (optional)`}
                        maxLength={200}
                        value={reference}
                        onChange={(event) => setReference(event.currentTarget.value)}
                    />
                    <Group justify="flex-end" gap={8} mt={4}>
                        <Button variant="default" onClick={onClose}>
                            <Trans>Cancel</Trans>
                        </Button>
                        <Button type="submit" loading={busy} disabled={!amount}>
                            <Trans>Record</Trans>
                        </Button>
                    </Group>
                </Stack>
            </form>
        </Modal>
    );
}
