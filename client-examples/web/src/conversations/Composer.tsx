import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Group, Switch, Textarea } from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import { useState } from "react";
import { outbox } from "../outbox/outbox";
import { notifyFailure } from "../states/notify";
import classes from "./Composer.module.css";
import type { Conversation } from "./queries";
import { useEnterSends } from "./useEnterSends";
import { useTyping } from "./useTyping";

/** Texts that were not sent, by conversation. They survive the change to another page. */
const drafts = new Map<string, string>();

/** The field for a new message. Members of the agency may hide it from the client. */
export function Composer({ conversation }: { conversation: Conversation }) {
    const { t } = useLingui();
    const { id, subject, viewerCan } = conversation;
    const [body, setBody] = useState(() => drafts.get(id) ?? "");
    const [internal, setInternal] = useState(false);
    const { enterSends, setEnterSends, sends } = useEnterSends();
    const typing = useTyping(id, internal);
    const write = (text: string) => {
        setBody(text);
        drafts.set(id, text);
        if (text.trim()) typing.type();
        else typing.stop();
    };
    const submit = () => {
        if (!body.trim()) return;
        try {
            void outbox.add("postMessage", { conversationId: id, body: body.trim(), internal }, subject);
        } catch (cause) {
            // The storage of the browser is full. The text stays in the field.
            notifyFailure(t`Not sent`, cause);
            return;
        }
        write("");
    };
    const mayHide = viewerCan.includes("POST_INTERNAL_MESSAGE");
    return (
        <div className={classes.composer} data-internal={internal}>
            <Textarea
                aria-label={internal ? t`Internal message` : t`Message`}
                placeholder={internal ? t`Internal message, which the client cannot see` : t`Message`}
                autosize
                minRows={1}
                maxRows={8}
                maxLength={10_000}
                value={body}
                onChange={(event) => write(event.currentTarget.value)}
                onKeyDown={(event) => {
                    if (!sends(event)) return;
                    event.preventDefault();
                    submit();
                }}
                onBlur={typing.stop}
            />
            <Group justify="space-between" gap={8} wrap="nowrap">
                <Group gap={16} miw={0}>
                    {mayHide && (
                        <Switch
                            size="xs"
                            color="yellow.9"
                            label={t`Internal`}
                            checked={internal}
                            onChange={(event) => {
                                typing.stop();
                                setInternal(event.currentTarget.checked);
                            }}
                        />
                    )}
                    <Checkbox
                        size="xs"
                        label={t`Enter sends`}
                        checked={enterSends}
                        onChange={(event) => setEnterSends(event.currentTarget.checked)}
                    />
                </Group>
                <Button size="xs" disabled={!body.trim()} onClick={submit} rightSection={<IconSend2 size={15} aria-hidden />}>
                    <Trans>Send</Trans>
                </Button>
            </Group>
        </div>
    );
}
