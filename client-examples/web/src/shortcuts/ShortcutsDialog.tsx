import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor, Kbd, Modal, Switch } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useChosenKeys, useShortcutsEnabled } from "./settings";
import { GO, keyOf, SHORTCUT_IDS, SHORTCUTS } from "./shortcuts";
import classes from "./ShortcutsDialog.module.css";

/** The keyboard shortcuts, with a switch for people who do not want them. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
    const { t, i18n } = useLingui();
    const [enabled, setEnabled] = useShortcutsEnabled();
    const [chosen] = useChosenKeys();
    const rowsOf = (group: "queue" | "everywhere") =>
        SHORTCUT_IDS.filter((id) => SHORTCUTS[id].group === group).map((id) => {
            const key = keyOf(id, chosen).toUpperCase();
            return <Row key={id} keys={SHORTCUTS[id].afterG ? [GO.toUpperCase(), key] : [key]} label={i18n._(SHORTCUTS[id].label)} />;
        });
    return (
        <Modal opened onClose={onClose} title={<Trans>Keyboard shortcuts</Trans>} size="lg" closeButtonProps={{ "aria-label": t`Close` }}>
            <div className={classes.groups} data-off={!enabled}>
                <Group title={<Trans>Requests</Trans>}>
                    {rowsOf("queue")}
                    <Row keys={[t`Enter`]} label={t`Open`} />
                    <Row keys={[t`Esc`]} label={t`Close`} />
                    <Row keys={["Ctrl", t`Enter`]} label={t`Send the reason`} />
                </Group>
                <Group title={<Trans>Everywhere</Trans>}>{rowsOf("everywhere")}</Group>
            </div>
            <div className={classes.foot}>
                <Switch
                    label={t`Use single letters as shortcuts`}
                    checked={enabled}
                    onChange={(event) => setEnabled(event.currentTarget.checked)}
                />
                <Anchor fz="sm" onClick={onClose} renderRoot={(props) => <Link to="/account" hash="shortcuts" {...props} />}>
                    <Trans>Change the keys</Trans>
                </Anchor>
            </div>
        </Modal>
    );
}

const Group = ({ title, children }: { title: ReactNode; children: ReactNode }) => (
    <section>
        <h3 className={classes.title}>{title}</h3>
        <dl className={classes.list}>{children}</dl>
    </section>
);

const Row = ({ keys, label }: { keys: string[]; label: string }) => (
    <div className={classes.row}>
        <dt>{label}</dt>
        <dd className={classes.keys}>
            {keys.map((key) => (
                <Kbd key={key} size="sm">
                    {key}
                </Kbd>
            ))}
        </dd>
    </div>
);
