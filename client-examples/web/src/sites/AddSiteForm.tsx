import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useSend } from "../graphql/useSend";
import { ADD_SITE } from "./queries";

export function AddSiteForm() {
    const { t } = useLingui();
    const { submit, busy, error } = useSend();
    const [name, setName] = useState("");
    const add = async (event: FormEvent) => {
        event.preventDefault();
        if (await submit(ADD_SITE, { input: { name: name.trim() } })) setName("");
    };
    return (
        <form onSubmit={(event) => void add(event)}>
            <Group gap="xs" align="flex-end">
                <TextInput
                    flex="1 1 200px"
                    label={t`New site`}
                    required
                    withAsterisk={false}
                    maxLength={200}
                    value={name}
                    error={error}
                    onChange={(event) => setName(event.currentTarget.value)}
                />
                <Button type="submit" disabled={!name.trim()} loading={busy}>
                    <Trans>Add</Trans>
                </Button>
            </Group>
        </form>
    );
}
