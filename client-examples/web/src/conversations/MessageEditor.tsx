import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Textarea } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import classes from "./Messages.module.css";
import { useEnterSends } from "./useEnterSends";

interface Props {
    text: string;
    onSave: (text: string) => void;
    onCancel: () => void;
}

/** The text of a message as a field, in its place. */
export function MessageEditor({ text, onSave, onCancel }: Props) {
    const { t } = useLingui();
    const [typed, setTyped] = useState(text);
    const { sends } = useEnterSends();
    const body = typed.trim();
    const save = () => {
        if (body) onSave(body);
    };
    const onKeyDown = (event: KeyboardEvent) => {
        if (event.key === "Escape" && !event.nativeEvent.isComposing) {
            // The page around it would close as well.
            event.stopPropagation();
            onCancel();
        } else if (sends(event)) {
            event.preventDefault();
            save();
        }
    };
    return (
        <div className={classes.editor}>
            <Textarea
                aria-label={t`Text of the message`}
                autosize
                minRows={1}
                maxRows={12}
                maxLength={10_000}
                autoFocus
                value={typed}
                onFocus={({ currentTarget }) => currentTarget.setSelectionRange(typed.length, typed.length)}
                onChange={(event) => setTyped(event.currentTarget.value)}
                onKeyDown={onKeyDown}
            />
            <Group justify="flex-end" gap={6} mt={8}>
                <Button size="compact-sm" variant="default" onClick={onCancel}>
                    <Trans>Cancel</Trans>
                </Button>
                <Button size="compact-sm" disabled={!body} onClick={save}>
                    <Trans>Save</Trans>
                </Button>
            </Group>
        </div>
    );
}
