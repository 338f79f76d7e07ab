import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useClient } from "urql";
import { send } from "../graphql/send";
import { notifyFailure } from "../states/notify";
import { CLOSE_CONVERSATION } from "./queries";

/** Closes a conversation after a question, because it cannot be opened again. */
export function CloseButton({ id, revision }: { id: string; revision: number }) {
    const { t } = useLingui();
    const client = useClient();
    const [asked, question] = useDisclosure();
    const [busy, busyState] = useDisclosure();
    const close = async () => {
        busyState.open();
        await send(client, CLOSE_CONVERSATION, { input: { id, expectedRevision: revision } })
            .then(question.close)
            .catch((cause: unknown) => notifyFailure(t`Not closed`, cause));
        busyState.close();
    };
    return (
        <>
            <Button size="compact-sm" variant="subtle" color="gray" onClick={question.open}>
                <Trans>Close…</Trans>
            </Button>
            <Modal
                opened={asked}
                onClose={question.close}
                size="sm"
                title={<Trans>Close this conversation?</Trans>}
                closeButtonProps={{ "aria-label": t`Cancel` }}
            >
                <Text mb="md">
                    <Trans>It can still be read, but nobody can write in it any more. It cannot be opened again.</Trans>
                </Text>
                <Group justify="flex-end" gap={8}>
                    <Button variant="subtle" color="gray" onClick={question.close}>
                        <Trans>Cancel</Trans>
                    </Button>
                    <Button loading={busy} onClick={() => void close()}>
                        <Trans>Close the conversation</Trans>
                    </Button>
                </Group>
            </Modal>
        </>
    );
}
