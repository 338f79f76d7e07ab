import { Trans } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { decide, undo, UNDO_MILLISECONDS, type Decision } from "./decisions";
import type { RequestRow } from "./queries";

const DONE: Record<Decision["kind"], React.ReactNode> = {
    APPROVE: <Trans>Approved</Trans>,
    REJECT: <Trans>Rejected</Trans>,
    REQUEST_CHANGES: <Trans>Sent back</Trans>,
};

/** Returns a function that decides a request, and shows for some seconds how to undo it. */
export function useDecide() {
    return (request: RequestRow, decision: Decision) => {
        const { id, title } = request;
        decide(request, decision);
        const takeBack = () => {
            undo(id);
            notifications.hide(id);
        };
        notifications.show({
            id,
            withCloseButton: false,
            autoClose: UNDO_MILLISECONDS - 200,
            message: (
                <Group justify="space-between" wrap="nowrap" gap="sm">
                    <Text span fz="sm" className="truncate">
                        <b>{DONE[decision.kind]}</b> · {title}
                    </Text>
                    <Button size="compact-sm" variant="subtle" onClick={takeBack}>
                        <Trans>Undo</Trans>
                    </Button>
                </Group>
            ),
        });
    };
}
