import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useClient } from "urql";
import { send } from "../graphql/send";
import { SUBMIT } from "./queries";

/** A new request to the agency. */
export function SubmitForm({ clientId, onDone }: { clientId: string; onDone: () => void }) {
    const { t } = useLingui();
    const client = useClient();
    const [title, setTitle] = useState("");
    const [description, setDescription] = useState("");
    const [error, setError] = useState<string>();
    const [busy, setBusy] = useState(false);
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        setBusy(true);
        setError(undefined);
        try {
            await send(client, SUBMIT, { input: { clientId, title, description: description || null } });
            onDone();
        } catch (cause) {
            setError((cause as Error).message);
        }
        setBusy(false);
    };
    return (
        <form onSubmit={(event) => void submit(event)}>
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
                <Button type="submit" size="md" loading={busy}>
                    <Trans>Send to the agency</Trans>
                </Button>
            </Stack>
        </form>
    );
}
