import { Trans, useLingui } from "@lingui/react/macro";
import { CloseButton, Group, NativeSelect, SegmentedControl, Title } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useQuery } from "urql";
import { CLIENT } from "../dossiers/queries";
import { Chip } from "../theme/Chip";
import classes from "./Money.module.css";
import { formatMonth } from "./months";
import type { MoneySearch } from "./search";

const route = getRouteApi("/app/hub/money");

/** The title with the filters. */
export function MoneyHeader() {
    const { t } = useLingui();
    const { kind, state, month, client } = route.useSearch();
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
            <Group gap={8}>
                <SegmentedControl
                    size="xs"
                    aria-label={t`Show`}
                    value={kind ?? "invoices"}
                    onChange={(value) =>
                        change({ kind: value === "invoices" ? undefined : (value as MoneySearch["kind"]), state: undefined, month: undefined })
                    }
                    data={[
                        { value: "invoices", label: t`Invoices` },
                        { value: "quotes", label: t`Quotes` },
                        { value: "creditNotes", label: t`Credit notes` },
                    ]}
                />
                {kind !== "creditNotes" && !month && (
                    <NativeSelect
                        size="xs"
                        aria-label={t`Status`}
                        value={state ?? ""}
                        onChange={(event) => change({ state: (event.currentTarget.value || undefined) as MoneySearch["state"] })}
                        data={states[kind ?? "invoices"]}
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
