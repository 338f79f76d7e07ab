import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { outbox } from "../outbox/outbox";

/** A new request to the agency. The list shows it at once, also while the network is away. */
export function SubmitForm({ clientId, onDone }: { clientId: string; onDone: () => void }) {
    const { t } = useLingui();
    const [title, setTitle] = useState("");
    const [description, setDescription] = useState("");
    const [error, setError] = useState<string>();
    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (!title.trim()) return;
        try {
            void outbox.add("submitRequest", { clientId, title: title.trim(), description: description || null }, title);
            onDone();
        } catch (cause) {
            // The storage of the browser is full.
            setError((cause as Error).message);
        }
    };
    return (
        <form onSubmit={submit}>
            <Stack>
                <TextInput
                    size="md"
                    label={t`What is it about?`}
                    required
                    withAsterisk={false}
                    maxLength={200}
                    data-autofocus
                    value={title}
                    error={error}
                    onChange={(event) => setTitle(event.currentTarget.value)}
                />
                <Textarea
                    size="md"
                    label={t`Details (optional)`}
                    autosize
                    minRows={3}
                    maxRows={10}
                    value={description}
                    onChange={(event) => setDescription(event.currentTarget.value)}
                />
                <Button type="submit" size="md">
                    <Trans>Send to the agency</Trans>
                </Button>
            </Stack>
        </form>
    );
}
