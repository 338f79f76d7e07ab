import { Trans, useLingui } from "@lingui/react/macro";
import { CloseButton, Group, NativeSelect, SegmentedControl, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useQuery } from "urql";
import { CLIENT } from "../dossiers/queries";
import { Chip } from "../theme/Chip";
import classes from "./Money.module.css";
import { formatMonth } from "./months";
import { defaultOrder, type MoneySearch } from "./search";

const route = getRouteApi("/app/hub/money");

/** The title with the filters. */
export function MoneyHeader() {
    const { t } = useLingui();
    const search = route.useSearch();
    const { kind, state, month, client, sort } = search;
    const navigate = useNavigate();
    const change = (next: MoneySearch) =>
        void navigate({ to: ".", search: (now: MoneySearch) => ({ ...now, ...next }) as MoneySearch, replace: true });
    const states = {
        invoices: [
            { value: "", label: t`Receivable` },
            { value: "overdue", label: t`Overdue` },
            { value: "draft", label: t`Drafts` },
            { value: "paid", label: t`Settled invoices` },
            { value: "all", label: t`All` },
        ],
        quotes: [
            { value: "", label: t`Waiting` },
            { value: "draft", label: t`Drafts` },
            { value: "accepted", label: t`Accepted` },
            { value: "refused", label: t`Refused` },
            { value: "all", label: t`All` },
        ],
    };
    return (
        <div className={classes.header}>
            <Title order={1} size="h4">
                <Trans>Money</Trans>
            </Title>
            <Group gap={8} className={classes.filters}>
                <SegmentedControl
                    size="xs"
                    aria-label={t`Show`}
                    value={kind ?? "invoices"}
                    onChange={(value) =>
                        change({ kind: value === "invoices" ? undefined : (value as MoneySearch["kind"]), state: undefined, month: undefined, sort: undefined })
                    }
                    data={[
                        { value: "invoices", label: t`Invoices` },
                        { value: "quotes", label: t`Quotes` },
                        { value: "creditNotes", label: t`Credit notes` },
                    ]}
                />
                {!month && (
                    <TextInput
                        size="xs"
                        flex="1 1 150px"
                        type="search"
                        placeholder={t`Number, title, dossier`}
                        aria-label={t`Search`}
                        leftSection={<IconSearch size={14} />}
                        value={search.search ?? ""}
                        onChange={(event) => change({ search: event.currentTarget.value || undefined })}
                    />
                )}
                {kind !== "creditNotes" && !month && (
                    <NativeSelect
                        size="xs"
                        flex="1 1 130px"
                        aria-label={t`Status`}
                        value={state ?? ""}
                        onChange={(event) => change({ state: (event.currentTarget.value || undefined) as MoneySearch["state"], sort: undefined })}
                        data={states[kind ?? "invoices"]}
                    />
                )}
                {!month && (
                    <NativeSelect
                        size="xs"
                        flex="1 1 130px"
                        aria-label={t`Order`}
                        value={sort ?? defaultOrder(search)}
                        onChange={(event) => change({ sort: event.currentTarget.value as MoneySearch["sort"] })}
                        data={[
                            { value: "CREATED_AT_DESC", label: t`Newest` },
                            ...(kind === "creditNotes" ? [] : [{ value: "DUE_ON_ASC", label: kind ? t`By last day` : t`By due date` }]),
                            { value: "NUMBER_DESC", label: t`By number` },
                            { value: "TOTAL_DESC", label: t`Largest total` },
                        ]}
                    />
                )}
                {month && (
                    <Chip>
                        <Trans>Received in {formatMonth(month)}</Trans>
                        <CloseButton size="xs" aria-label={t`All months`} onClick={() => change({ month: undefined })} />
                    </Chip>
                )}
                {client && <ClientChip id={client} onRemove={() => change({ client: undefined })} />}
            </Group>
        </div>
    );
}

function ClientChip({ id, onRemove }: { id: string; onRemove: () => void }) {
    const { t } = useLingui();
    const [{ data }] = useQuery({ query: CLIENT, variables: { id } });
    return (
        <Chip>
            <span className="truncate" style={{ maxWidth: 180 }}>
                {data?.client?.name}
            </span>
            <CloseButton size="xs" aria-label={t`All dossiers`} onClick={onRemove} />
        </Chip>
    );
}
