import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { outbox } from "../outbox/outbox";
import { notifyFailure } from "../states/notify";

interface Props {
    clientId: string | undefined;
    /** Called with the new conversation, or with nothing if the network is away and the conversation waits. */
    onDone: (conversationId?: string) => void;
    /** Fields before the subject. */
    children?: ReactNode;
}

/** How long to wait for the new conversation before the list is shown, where it waits. */
const PATIENCE = 2_000;

/** The subject and the first message of a new conversation. */
export function NewConversationForm({ clientId, onDone, children }: Props) {
    const { t } = useLingui();
    const [subject, setSubject] = useState("");
    const [body, setBody] = useState("");
    const [busy, setBusy] = useState(false);
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        if (!clientId) return;
        setBusy(true);
        try {
            const started = outbox.add("startConversation", { clientId, subject: subject.trim(), body: body.trim() }, subject);
            const patience = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE));
            onDone((await Promise.race([started, patience]))?.conversation?.id);
        } catch (cause) {
            notifyFailure(t`Not sent`, cause);
            setBusy(false);
        }
    };
    return (
        <form onSubmit={(event) => void submit(event)}>
            <Stack>
                {children}
                <TextInput
                    label={t`Subject`}
                    required
                    withAsterisk={false}
                    maxLength={200}
                    pattern=".*\S.*"
                    value={subject}
                    onChange={(event) => setSubject(event.currentTarget.value)}
                />
                <Textarea
                    label={t`Message`}
                    required
                    withAsterisk={false}
                    autosize
                    minRows={5}
                    maxRows={14}
                    maxLength={10_000}
                    value={body}
                    onChange={(event) => setBody(event.currentTarget.value)}
                />
                <Button type="submit" loading={busy} disabled={!clientId || !body.trim()} style={{ alignSelf: "flex-start" }}>
                    <Trans>Send</Trans>
                </Button>
            </Stack>
        </form>
    );
}
