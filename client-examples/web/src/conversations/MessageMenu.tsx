import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import type { Ref } from "react";
import { useClient } from "urql";
import { useSend } from "../graphql/useSend";
import { ConfirmDialog } from "../states/ConfirmDialog";
import classes from "./Messages.module.css";
import { DELETE_MESSAGE, MESSAGE_ACTIONS, type Message } from "./queries";

interface Props {
    message: Message;
    /** The button, which gets the focus back after the text was changed. */
    button: Ref<HTMLButtonElement>;
    onEdit: () => void;
}

/** What the viewer may do with a message. */
export function MessageMenu({ message: { id, viewerCan }, button, onEdit }: Props) {
    const { t } = useLingui();
    const client = useClient();
    const [asked, question] = useDisclosure();
    const { submit, busy, error } = useSend();
    // A message can be changed for a short time only.
    const readAgain = () => void client.query(MESSAGE_ACTIONS, { id }, { requestPolicy: "network-only" }).toPromise();
    const remove = async () => {
        if (await submit(DELETE_MESSAGE, { input: { id } })) question.close();
    };
    return (
        <>
            <Menu position="bottom-end" withinPortal onOpen={readAgain}>
                <Menu.Target>
                    <ActionIcon ref={button} size={28} variant="subtle" color="gray" className={classes.menu} aria-label={t`Actions for the message`}>
                        <IconDots size={16} />
                    </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                    {viewerCan.includes("EDIT") && (
                        <Menu.Item leftSection={<IconPencil size={16} />} onClick={onEdit}>
                            <Trans>Change the text</Trans>
                        </Menu.Item>
                    )}
                    {viewerCan.includes("DELETE") && (
                        <Menu.Item c="var(--overdue)" leftSection={<IconTrash size={16} />} onClick={question.open}>
                            <Trans>Delete</Trans>
                        </Menu.Item>
                    )}
                </Menu.Dropdown>
            </Menu>
            {asked && (
                <ConfirmDialog
                    title={<Trans>Delete this message?</Trans>}
                    action={<Trans>Delete</Trans>}
                    busy={busy}
                    error={error}
                    dangerous
                    onConfirm={() => void remove()}
                    onClose={question.close}
                >
                    <Trans>Its text is erased for everybody. The conversation shows that a message was deleted.</Trans>
                </ConfirmDialog>
            )}
        </>
    );
}
