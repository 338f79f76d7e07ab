import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Popover, TextInput } from "@mantine/core";
import { IconCalendarDue } from "@tabler/icons-react";
import { useState } from "react";
import { useClient } from "urql";
import { send } from "../graphql/send";
import { notifyFailure } from "../states/notify";
import { DueDay } from "./DueDay";
import { SET_DUE_DATE, type RequestRow } from "./queries";

/** Shows the due date, and lets those who decide change it. */
export function DueDate({ request }: { request: RequestRow }) {
    const { t } = useLingui();
    const client = useClient();
    const [opened, setOpened] = useState(false);
    const { id, revision, dueOn, overdue, viewerCan } = request;
    if (!viewerCan.includes("SET_DUE_DATE")) return dueOn ? <DueDay dueOn={dueOn} overdue={overdue} /> : null;
    const set = async (day: string | null) => {
        setOpened(false);
        await send(client, SET_DUE_DATE, { input: { id, dueOn: day, expectedRevision: revision } }).catch((cause: unknown) =>
            notifyFailure(t`Not changed`, cause),
        );
    };
    return (
        <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus withinPortal>
            <Popover.Target>
                <Button
                    variant="subtle"
                    color="gray"
                    size="compact-sm"
                    leftSection={<IconCalendarDue size={16} />}
                    onClick={() => setOpened((is) => !is)}
                >
                    {dueOn ? <DueDay dueOn={dueOn} overdue={overdue} /> : <Trans>Due date</Trans>}
                </Button>
            </Popover.Target>
            <Popover.Dropdown>
                <form
                    onSubmit={(event) => {
                        event.preventDefault();
                        const day = new FormData(event.currentTarget).get("day");
                        void set(typeof day === "string" && day ? day : null);
                    }}
                >
                    <TextInput type="date" name="day" size="xs" label={t`Decide until`} defaultValue={dueOn ?? ""} mb="xs" />
                    <Group justify="flex-end" gap={8}>
                        {dueOn && (
                            <Button size="xs" variant="subtle" color="gray" onClick={() => void set(null)}>
                                <Trans>Remove</Trans>
                            </Button>
                        )}
                        <Button size="xs" type="submit">
                            <Trans>Save</Trans>
                        </Button>
                    </Group>
                </form>
            </Popover.Dropdown>
        </Popover>
    );
}
