import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Switch } from "@mantine/core";
import { useState } from "react";
import { useChosenKeys, useShortcutsEnabled } from "../shortcuts/settings";
import { SHORTCUT_IDS, SHORTCUTS } from "../shortcuts/shortcuts";
import { Block, Section, SettingRow } from "../theme/Section";
import { ShortcutKey } from "./ShortcutKey";

/** The keys of the hub. This browser stores them. */
export function ShortcutsSection() {
    const { t, i18n } = useLingui();
    const [enabled, setEnabled] = useShortcutsEnabled();
    const [chosen, setChosen] = useChosenKeys();
    const [recording, setRecording] = useState<string>();
    return (
        <Section
            id="shortcuts"
            title={<Trans>Keyboard shortcuts</Trans>}
            text={
                <Trans>
                    For this browser only. Everything can also be reached with Tab. If you dictate, or your screen reader uses
                    single letters, switch them off.
                </Trans>
            }
        >
            <Block>
                <Switch
                    label={t`Use single letters as shortcuts`}
                    checked={enabled}
                    onChange={(event) => setEnabled(event.currentTarget.checked)}
                />
            </Block>
            {enabled &&
                SHORTCUT_IDS.map((id) => (
                    <SettingRow key={id} name={i18n._(SHORTCUTS[id].label)} meta={SHORTCUTS[id].afterG && <Trans>After G, for “go to”</Trans>}>
                        <ShortcutKey id={id} isRecording={recording === id} onRecord={(on) => setRecording(on ? id : undefined)} />
                    </SettingRow>
                ))}
            {enabled && Object.values(chosen).some(Boolean) && (
                <SettingRow name="">
                    <Button size="xs" variant="default" onClick={() => setChosen({})}>
                        <Trans>Restore all keys</Trans>
                    </Button>
                </SettingRow>
            )}
        </Section>
    );
}
