import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Group, Kbd, NativeSelect, SegmentedControl, TextInput, Title } from "@mantine/core";
import { IconKeyboard, IconSearch } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import type { Ref } from "react";
import listClasses from "../hub/List.module.css";
import { useShowShortcuts } from "../shortcuts/HelpContext";
import { useKeysOf } from "../shortcuts/useShortcuts";
import { useViewer } from "../viewer/ViewerContext";
import classes from "./Queue.module.css";
import type { RequestRow } from "./queries";
import type { QueueSearch } from "./search";

const route = getRouteApi("/app/hub/validation");

interface Props {
    ref: Ref<HTMLInputElement>;
    requests: RequestRow[];
    /** Whether these are all of them. */
    isComplete: boolean;
    text: string;
    onText: (text: string) => void;
}

/** The title of the queue with its filters. */
export function QueueHeader({ ref, requests, isComplete, text, onText }: Props) {
    const { t } = useLingui();
    const keysOf = useKeysOf();
    const filterKey = keysOf("filter");
    const showShortcuts = useShowShortcuts();
    const { filter, client, by } = route.useSearch();
    const { member } = useViewer();
    const navigate = useNavigate();
    const change = (next: QueueSearch) =>
        void navigate({ to: ".", search: (search: QueueSearch) => ({ ...search, ...next }), replace: true });
    const clients = new Map(requests.flatMap(({ client }) => (client ? [[client.id, client.name]] : [])));
    return (
        <div className={listClasses.header}>
            <Group justify="space-between" wrap="nowrap">
                <Title order={1} size="h4">
                    <Trans>Validation</Trans>{" "}
                    <span className={classes.total}>
                        {requests.length > 0 && requests.length}
                        {!isComplete && requests.length > 0 && "+"}
                    </span>
                </Title>
                <ActionIcon variant="subtle" color="gray" visibleFrom="sm" onClick={showShortcuts} aria-label={t`Keyboard shortcuts`}>
                    <IconKeyboard size={18} stroke={1.6} />
                </ActionIcon>
            </Group>
            <TextInput
                ref={ref}
                size="xs"
                placeholder={t`Filter`}
                aria-label={t`Filter`}
                leftSection={<IconSearch size={14} />}
                aria-keyshortcuts={filterKey}
                rightSection={filterKey && !text ? <Kbd size="xs" visibleFrom="sm">{filterKey}</Kbd> : undefined}
                value={text}
                onChange={(event) => onText(event.currentTarget.value)}
                onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
            />
            <Group gap={8}>
                <SegmentedControl
                    size="xs"
                    value={filter ?? "all"}
                    aria-label={t`Show`}
                    onChange={(value) => change({ filter: value === "all" ? undefined : (value as QueueSearch["filter"]) } as QueueSearch)}
                    data={[
                        { value: "all", label: t`All` },
                        // Staff cannot be in charge.
                        ...(member ? [{ value: "mine", label: t`Mine` }] : []),
                        { value: "late", label: t`> 2 days` },
                        { value: "overdue", label: t`Overdue` },
                    ]}
                />
                <NativeSelect
                    size="xs"
                    flex="1 1 130px"
                    miw={0}
                    aria-label={t`Dossier`}
                    value={client ?? ""}
                    onChange={(event) => change({ client: event.currentTarget.value || undefined } as QueueSearch)}
                    data={[
                        { value: "", label: t`All dossiers` },
                        ...[...clients].map(([value, label]) => ({ value, label })),
                    ]}
                />
                {/* Overdue requests are always in the order of their due dates. */}
                {filter !== "overdue" && (
                    <NativeSelect
                        size="xs"
                        flex="1 1 110px"
                        miw={0}
                        aria-label={t`Order`}
                        value={by ?? ""}
                        onChange={(event) => change({ by: event.currentTarget.value || undefined } as QueueSearch)}
                        data={[
                            { value: "", label: t`Oldest first` },
                            { value: "due", label: t`Due first` },
                        ]}
                    />
                )}
            </Group>
        </div>
    );
}
