import { Trans, useLingui } from "@lingui/react/macro";
import { Group, NativeSelect, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import table from "../hub/Table.module.css";
import classes from "./Clients.module.css";
import type { ClientsSearch } from "./search";

const route = getRouteApi("/app/hub/dossiers");

/** The title with search, filter and order. */
export function ClientsHeader() {
    const { t } = useLingui();
    const { search, status, order } = route.useSearch();
    const navigate = useNavigate();
    const change = (next: object) =>
        void navigate({ to: ".", search: (now: ClientsSearch) => ({ ...now, ...next }) as ClientsSearch, replace: true });
    return (
        <div className={table.header}>
            <Title order={1} size="h4">
                <Trans>Dossiers</Trans>
            </Title>
            <Group gap={8} className={classes.filters}>
                <TextInput
                    size="xs"
                    flex="1 1 200px"
                    type="search"
                    placeholder={t`Search`}
                    aria-label={t`Search`}
                    leftSection={<IconSearch size={14} />}
                    value={search ?? ""}
                    onChange={(event) => change({ search: event.currentTarget.value || undefined })}
                />
                <Group gap={8} wrap="nowrap" flex="1 1 240px">
                    <NativeSelect
                        size="xs"
                        flex={1}
                        miw={0}
                        aria-label={t`Status`}
                        value={status ?? ""}
                        onChange={(event) => change({ status: event.currentTarget.value || undefined })}
                        data={[
                            { value: "", label: t`All statuses` },
                            { value: "PROSPECT", label: t`Prospect` },
                            { value: "ACTIVE", label: t`Active` },
                            { value: "PAUSED", label: t`Paused` },
                            { value: "ARCHIVED", label: t`Archived` },
                        ]}
                    />
                    <NativeSelect
                        size="xs"
                        flex={1}
                        miw={0}
                        aria-label={t`Order`}
                        value={order ?? "NAME_ASC"}
                        onChange={(event) => change({ order: event.currentTarget.value })}
                        data={[
                            { value: "NAME_ASC", label: t`By name` },
                            { value: "UPDATED_AT_DESC", label: t`Last changed` },
                            { value: "CREATED_AT_DESC", label: t`Newest` },
                        ]}
                    />
                </Group>
            </Group>
        </div>
    );
}
