import { useLingui } from "@lingui/react/macro";
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useQuery } from "urql";
import { CLIENT_NAME, FIND_CLIENTS } from "./queries";

interface Props {
    value: string | null;
    onChange: (clientId: string | null) => void;
}

/** Lets the viewer choose a dossier. The server searches. */
export function ClientSelect({ value, onChange }: Props) {
    const { t } = useLingui();
    const [text, setText] = useState("");
    const [search] = useDebouncedValue(text, 200);
    const [{ data: chosen }] = useQuery({ query: CLIENT_NAME, variables: { id: value! }, pause: !value });
    const name = value ? chosen?.client?.name : undefined;
    // After a choice, the field contains the name of the chosen dossier, which is no search.
    const [{ data, fetching }] = useQuery({ query: FIND_CLIENTS, variables: { search: search === name ? null : search } });
    const clients = new Map(data?.clients.nodes.map(({ id, name }) => [id, name]));
    if (value && name) clients.set(value, name);
    return (
        <Select
            label={t`Dossier`}
            placeholder={t`Search`}
            required
            withAsterisk={false}
            searchable
            value={value}
            onChange={onChange}
            searchValue={text}
            onSearchChange={setText}
            filter={({ options }) => options}
            nothingFoundMessage={fetching ? t`Searching…` : t`No dossier matches.`}
            data={[...clients].map(([id, name]) => ({ value: id, label: name }))}
        />
    );
}
