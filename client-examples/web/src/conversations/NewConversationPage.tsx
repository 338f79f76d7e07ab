import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Group, Select, Text, Title } from "@mantine/core";
import { useDebouncedValue, useDocumentTitle } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { CLIENT, CLIENTS } from "../dossiers/queries";
import classes from "./ConversationPage.module.css";
import { NewConversationForm } from "./NewConversationForm";

const route = getRouteApi("/app/hub/messages/new");

/** A new conversation in one of the dossiers. */
export function NewConversationPage() {
    const { t } = useLingui();
    useDocumentTitle(t`New conversation`);
    const { client: known } = route.useSearch();
    const navigate = useNavigate();
    const [chosen, setChosen] = useState<string | null>(null);
    const [search, setSearch] = useState("");
    const [settled] = useDebouncedValue(search, 200);
    const [{ data: opened }] = useQuery({ query: CLIENT, variables: { id: known ?? "" }, pause: !known });
    const [{ data }] = useQuery({
        query: CLIENTS,
        variables: { filter: { search: settled || null, status: ["PROSPECT", "ACTIVE", "PAUSED"] }, orderBy: "NAME_ASC", after: null },
        pause: known !== undefined,
    });
    const open = (conversationId?: string) =>
        void (conversationId
            ? navigate({ to: "/messages/$conversationId", params: { conversationId } })
            : navigate({ to: "/messages" }));
    return (
        <section className={classes.new}>
            <Group justify="space-between" wrap="nowrap" mb="md">
                <Title order={2} size="h3">
                    <Trans>New conversation</Trans>
                </Title>
                <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t`Close`}
                    renderRoot={(props) => <Link to="/messages" {...props} />}
                >
                    <IconX size={18} />
                </ActionIcon>
            </Group>
            <NewConversationForm clientId={known ?? chosen ?? undefined} onDone={open}>
                {known ? (
                    <Text>
                        <Trans>Dossier</Trans> · <b>{opened?.client?.name}</b>
                    </Text>
                ) : (
                    <Select
                        label={t`Dossier`}
                        placeholder={t`Search`}
                        searchable
                        searchValue={search}
                        onSearchChange={setSearch}
                        value={chosen}
                        onChange={setChosen}
                        nothingFoundMessage={t`No dossier matches.`}
                        // The server has already searched.
                        filter={({ options }) => options}
                        data={data?.clients.nodes.map(({ id, name }) => ({ value: id, label: name })) ?? []}
                    />
                )}
            </NewConversationForm>
        </section>
    );
}
