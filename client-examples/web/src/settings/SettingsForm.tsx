import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { useSend } from "../graphql/useSend";
import { FormError } from "../states/FormError";
import { notifyDone } from "../states/notify";
import { Block } from "../theme/Section";
import { UPDATE_ORGANIZATION, type Settings, type SettingsInput } from "./queries";

interface Props {
    settings: Settings;
    children: (values: Settings, change: (changes: SettingsInput) => void) => ReactNode;
}

/** A form that saves the settings that were changed in it, and leaves all others as they are. */
export function SettingsForm({ settings, children }: Props) {
    const { t } = useLingui();
    const { submit, busy, error } = useSend();
    const [changes, setChanges] = useState<SettingsInput>({});
    const save = async (event: FormEvent) => {
        event.preventDefault();
        const payload = await submit(UPDATE_ORGANIZATION, { input: { ...changes, expectedRevision: settings.revision } });
        if (!payload) return;
        setChanges({});
        notifyDone(t`Saved`);
    };
    return (
        <Block>
            <form onSubmit={(event) => void save(event)}>
                <Stack gap="sm">
                    {children({ ...settings, ...changes } as Settings, (next) => setChanges({ ...changes, ...next }))}
                    <FormError>{error}</FormError>
                    <Group justify="flex-end">
                        <Button type="submit" disabled={Object.keys(changes).length === 0} loading={busy}>
                            <Trans>Save</Trans>
                        </Button>
                    </Group>
                </Stack>
            </form>
        </Block>
    );
}
