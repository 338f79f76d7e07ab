import { Trans } from "@lingui/react/macro";
import { Button, Group, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { Block } from "../theme/Section";

interface Props {
    label: string;
    name: string;
    maxLength: number;
    busy: boolean;
    error?: string;
    onSubmit: (name: string) => Promise<void>;
    onCancel: () => void;
}

/** Renames the thing of a row, in its place. */
export function RenameForm({ label, name, maxLength, busy, error, onSubmit, onCancel }: Props) {
    const [newName, setNewName] = useState(name);
    const submit = (event: FormEvent) => {
        event.preventDefault();
        void onSubmit(newName.trim());
    };
    return (
        <Block>
            <form onSubmit={submit}>
                <Group gap="xs" align="flex-end">
                    <TextInput
                        flex="1 1 200px"
                        label={label}
                        required
                        withAsterisk={false}
                        maxLength={maxLength}
                        autoFocus
                        value={newName}
                        error={error}
                        onChange={(event) => setNewName(event.currentTarget.value)}
                    />
                    <Button variant="default" onClick={onCancel}>
                        <Trans>Cancel</Trans>
                    </Button>
                    <Button type="submit" loading={busy}>
                        <Trans>Save</Trans>
                    </Button>
                </Group>
            </form>
        </Block>
    );
}
