import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useClient } from "urql";
import { send } from "../graphql/send";
import { useAction } from "./useAction";
import { formatMoney } from "../text/format";
import { ACCEPT_QUOTE, REFUSE_QUOTE, type Quote } from "./queries";

interface Props {
    quote: Quote;
    answer: "ACCEPT" | "REFUSE";
    /** Whether a member of the agency records the client's answer. */
    forClient?: boolean;
    onClose: () => void;
}

/** Says what an answer to a quote means, and sends it. */
export function AnswerDialog({ quote, answer, forClient = false, onClose }: Props) {
    const { t } = useLingui();
    const client = useClient();
    const [reason, setReason] = useState("");
    const { id, revision, number, title, total } = quote;
    const input = { id, expectedRevision: revision };
    const accepts = answer === "ACCEPT";
    const { run, busy, error } = useAction(
        () =>
            accepts
                ? send(client, ACCEPT_QUOTE, { input })
                : send(client, REFUSE_QUOTE, { input: { ...input, reason: reason.trim() || null } }),
        onClose,
    );
    const size = forClient ? "sm" : "md";
    return (
        <Modal
            opened
            onClose={onClose}
            title={accepts ? t`Accept the quote ${number}?` : t`Refuse the quote ${number}?`}
            closeButtonProps={{ "aria-label": t`Close` }}
        >
            <Stack>
                <Text fw={600}>
                    {title} · {formatMoney(total)}
                </Text>
                <Text>
                    {!accepts ? (
                        <Trans>A refusal is final. The agency can make a new quote.</Trans>
                    ) : forClient ? (
                        <Trans>You record that the client has accepted. This cannot be undone. Then the invoice can be created.</Trans>
                    ) : (
                        <Trans>You order what the quote lists for this total with VAT. The agency then invoices it. This cannot be undone.</Trans>
                    )}
                </Text>
                {!accepts && (
                    <Textarea
                        size={size}
                        label={forClient ? t`Reason (optional). The client can read it.` : t`Reason (optional)`}
                        data-autofocus
                        autosize
                        minRows={2}
                        maxLength={1000}
                        value={reason}
                        onChange={(event) => setReason(event.currentTarget.value)}
                    />
                )}
                {error && (
                    <Text c="var(--overdue)" role="alert">
                        {error}
                    </Text>
                )}
                <Group justify="flex-end" gap={8}>
                    <Button size={size} variant="default" onClick={onClose}>
                        <Trans>Cancel</Trans>
                    </Button>
                    <Button size={size} color={accepts ? undefined : "red"} loading={busy} onClick={run}>
                        {accepts ? <Trans>Accept</Trans> : <Trans>Refuse</Trans>}
                    </Button>
                </Group>
            </Stack>
        </Modal>
    );
}
