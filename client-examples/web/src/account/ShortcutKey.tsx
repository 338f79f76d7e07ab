import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { useChosenKeys } from "../shortcuts/settings";
import { conflictOf, GO, isAssignable, keyOf, SHORTCUTS, type ShortcutId } from "../shortcuts/shortcuts";
import { FormError } from "../states/FormError";
import classes from "./ShortcutKey.module.css";

interface Props {
    id: ShortcutId;
    isRecording: boolean;
    onRecord: (on: boolean) => void;
}

/** The key of a shortcut. A click waits for another one. */
export function ShortcutKey({ id, isRecording, onRecord }: Props) {
    const { t, i18n } = useLingui();
    const [chosen, setChosen] = useChosenKeys();
    const [error, setError] = useState<string>();
    const { label, key: initial, afterG } = SHORTCUTS[id];
    const current = keyOf(id, chosen).toUpperCase();
    const name = i18n._(label);

    const press = (event: KeyboardEvent) => {
        const key = event.key.toLowerCase();
        if (!isRecording || ["tab", "shift", "control", "alt", "altgraph", "meta"].includes(key)) return;
        event.preventDefault();
        event.stopPropagation();
        if (key === "escape") return onRecord(false);
        const conflict = conflictOf(id, key, chosen);
        if (!isAssignable(key) || event.ctrlKey || event.metaKey || event.altKey) {
            setError(t`Press a letter, a digit or a sign.`);
        } else if (conflict) {
            const other = i18n._(SHORTCUTS[conflict].label);
            setError(t`“${other}” has this key.`);
        } else {
            setError(undefined);
            setChosen((keys) => ({ ...keys, [id]: key === initial ? undefined : key }));
            onRecord(false);
        }
    };
    return (
        <div className={classes.key}>
            <Button
                size="xs"
                miw={44}
                variant={isRecording ? "light" : "default"}
                aria-label={t`Key for “${name}”: ${current}`}
                onClick={() => onRecord(!isRecording)}
                onKeyDown={press}
                onBlur={() => {
                    setError(undefined);
                    if (isRecording) onRecord(false);
                }}
            >
                {isRecording ? (
                    <Trans>Press a key…</Trans>
                ) : (
                    [afterG && GO.toUpperCase(), current].filter(Boolean).join(" ")
                )}
            </Button>
            <FormError>{error}</FormError>
        </div>
    );
}
