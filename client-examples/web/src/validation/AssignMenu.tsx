import { Trans, useLingui } from "@lingui/react/macro";
import { Avatar, Button, Menu } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useClient, useQuery } from "urql";
import { send } from "../graphql/send";
import { notifyFailure } from "../states/notify";
import { ASSIGN, DECIDERS, type RequestRow } from "./queries";

/** Shows who is in charge, and lets the viewer change it. */
export function AssignMenu({ request }: { request: RequestRow }) {
    const { t } = useLingui();
    const client = useClient();
    const [opened, setOpened] = useState(false);
    const [busy, setBusy] = useState(false);
    const [{ data }] = useQuery({ query: DECIDERS, pause: !opened });
    const { assignee, id, revision, viewerCan } = request;
    const allowed = viewerCan.includes("ASSIGN");
    if (!allowed && !assignee) return null;
    const assign = async (assigneeId: string | null) => {
        setBusy(true);
        await send(client, ASSIGN, { input: { id, assigneeId, expectedRevision: revision } }).catch((cause: unknown) =>
            notifyFailure(t`Not assigned`, cause),
        );
        setBusy(false);
    };
    return (
        <Menu opened={opened} onChange={setOpened} position="bottom-end" disabled={!allowed}>
            <Menu.Target>
                <Button
                    variant="subtle"
                    color="gray"
                    size="compact-sm"
                    loading={busy}
                    leftSection={
                        assignee ? (
                            <Avatar size={20} radius="sm" name={assignee.displayName} color="initials" />
                        ) : (
                            <IconUserPlus size={16} />
                        )
                    }
                >
                    {assignee?.displayName ?? <Trans>Assign</Trans>}
                </Button>
            </Menu.Target>
            <Menu.Dropdown>
                <Menu.Label>
                    <Trans>In charge</Trans>
                </Menu.Label>
                {data?.members.nodes.map(({ id, displayName }) => (
                    <Menu.Item
                        key={id}
                        leftSection={<Avatar size={20} radius="sm" name={displayName} color="initials" />}
                        disabled={id === assignee?.id}
                        onClick={() => void assign(id)}
                    >
                        {displayName}
                    </Menu.Item>
                ))}
                {assignee && (
                    <Menu.Item onClick={() => void assign(null)}>
                        <Trans>Nobody</Trans>
                    </Menu.Item>
                )}
            </Menu.Dropdown>
        </Menu>
    );
}
