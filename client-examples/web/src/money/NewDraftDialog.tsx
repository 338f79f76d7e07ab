import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useClient } from "urql";
import { CREATE_INVOICE, CREATE_QUOTE } from "../billing/queries";
import { useAction } from "../billing/useAction";
import { send } from "../graphql/send";

export type DraftKind = "quote" | "invoice";

interface Props {
    clientId: string;
    kind: DraftKind;
    onClose: () => void;
}

/** Asks for the title of a new draft, and opens it. */
export function NewDraftDialog({ clientId, kind, onClose }: Props) {
    const { t } = useLingui();
    const client = useClient();
    const navigate = useNavigate();
    const [typed, setTitle] = useState("");
    const title = typed.trim();
    const create = async () => {
        const search = { client: clientId, state: "draft" } as const;
        if (kind === "quote") {
            const { quote } = await send(client, CREATE_QUOTE, { input: { clientId, title } });
            await navigate({ to: "/money/quotes/$quoteId", params: { quoteId: quote!.id }, search: { ...search, kind: "quotes" } });
        } else {
            const { invoice } = await send(client, CREATE_INVOICE, { input: { clientId, title } });
            await navigate({ to: "/money/invoices/$invoiceId", params: { invoiceId: invoice!.id }, search });
        }
    };
    const { run, busy, error } = useAction(create, onClose);
    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (title) run();
    };
    return (
        <Modal opened onClose={onClose} title={kind === "quote" ? t`New quote` : t`New invoice`} closeButtonProps={{ "aria-label": t`Close` }}>
            <form onSubmit={submit}>
                <Stack>
                    <TextInput
                        label={t`What is it about?`}
                        data-autofocus
                        maxLength={200}
                        value={typed}
                        error={error}
                        onChange={(event) => setTitle(event.currentTarget.value)}
                    />
                    <Group justify="flex-end" gap={8}>
                        <Button variant="default" onClick={onClose}>
                            <Trans>Cancel</Trans>
                        </Button>
                        <Button type="submit" loading={busy} disabled={!title}>
                            <Trans>Create the draft</Trans>
                        </Button>
                    </Group>
                </Stack>
            </form>
        </Modal>
    );
}
