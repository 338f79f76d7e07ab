import { Trans, useLingui } from "@lingui/react/macro";
import { Kbd, Modal, Switch, Table } from "@mantine/core";
import { useShortcutsEnabled } from "./useQueueKeys";

/** The keyboard shortcuts, with a switch for people who do not want them. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
    const { t } = useLingui();
    const [enabled, setEnabled] = useShortcutsEnabled();
    const rows: [string[], string][] = [
        [["J", "K"], t`Next, previous`],
        [[t`Enter`], t`Open`],
        [[t`Esc`], t`Close`],
        [["A"], t`Approve`],
        [["R"], t`Reject`],
        [["C"], t`Ask for changes`],
        [["M"], t`Only mine`],
        [["/"], t`Filter`],
        [["?"], t`This help`],
    ];
    return (
        <Modal opened onClose={onClose} title={<Trans>Keyboard shortcuts</Trans>} size="sm" closeButtonProps={{ "aria-label": t`Close` }}>
            <Table withRowBorders={false} verticalSpacing={5}>
                <Table.Tbody>
                    {rows.map(([keys, action]) => (
                        <Table.Tr key={action}>
                            <Table.Td w={110}>
                                {keys.map((key) => (
                                    <Kbd key={key} mr={4}>
                                        {key}
                                    </Kbd>
                                ))}
                            </Table.Td>
                            <Table.Td>{action}</Table.Td>
                        </Table.Tr>
                    ))}
                </Table.Tbody>
            </Table>
            <Switch
                mt="md"
                label={t`Use single letters as shortcuts`}
                checked={enabled}
                onChange={(event) => setEnabled(event.currentTarget.checked)}
            />
        </Modal>
    );
}
