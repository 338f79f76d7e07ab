import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, NativeSelect, SimpleGrid, Stack, Textarea, TextInput, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useQuery } from "urql";
import { useSend } from "../graphql/useSend";
import { SITES } from "../sites/queries";
import { FormError } from "../states/FormError";
import { CREATE_API_KEY, type Scope } from "./queries";
import { ScopeFields } from "./ScopeFields";
import { TokenCard } from "./TokenCard";

const DAY = 24 * 3_600_000;

/** Creates an API key, and shows its token once. */
export function NewApiKeyPage() {
    const { t } = useLingui();
    const { submit, busy, error } = useSend();
    const [{ data }] = useQuery({ query: SITES });
    const [name, setName] = useState("");
    const [scopes, setScopes] = useState<Scope[]>([]);
    const [siteId, setSiteId] = useState("");
    const [networks, setNetworks] = useState("");
    const [days, setDays] = useState("365");
    const [token, setToken] = useState<string>();
    const create = async (event: FormEvent) => {
        event.preventDefault();
        const listed = networks.split(/[\s,]+/).filter(Boolean);
        const input = {
            name: name.trim(),
            scopes,
            ...(siteId && { siteId }),
            ...(listed.length > 0 && { networks: listed }),
            ...(days && { expiresAt: new Date(Date.now() + Number(days) * DAY).toISOString() }),
        };
        const payload = await submit(CREATE_API_KEY, { input });
        if (payload) setToken(payload.token ?? undefined);
    };
    if (token) return <TokenCard name={name} token={token} />;
    const sites = data?.viewer?.sites.nodes.filter(({ closed }) => !closed) ?? [];
    return (
        <form onSubmit={(event) => void create(event)}>
            <Stack py="lg" maw={760}>
                <Title order={2} size="h4">
                    <Trans>New API key</Trans>
                </Title>
                <TextInput
                    label={t`Name`}
                    description={t`What the script does. Everybody sees it as the author.`}
                    required
                    withAsterisk={false}
                    maxLength={200}
                    autoFocus
                    value={name}
                    onChange={(event) => setName(event.currentTarget.value)}
                />
                <ScopeFields value={scopes} onChange={setScopes} />
                <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
                    <NativeSelect
                        label={t`Site`}
                        value={siteId}
                        onChange={(event) => setSiteId(event.currentTarget.value)}
                        data={[{ value: "", label: t`All sites` }, ...sites.map(({ id, name }) => ({ value: id, label: name }))]}
                    />
                    <NativeSelect
                        label={t`Valid for`}
                        value={days}
                        onChange={(event) => setDays(event.currentTarget.value)}
                        data={[
                            { value: "30", label: t`30 days` },
                            { value: "90", label: t`90 days` },
                            { value: "365", label: t`1 year` },
                            { value: "", label: t`Without end` },
                        ]}
                    />
                </SimpleGrid>
                <Textarea
                    label={t`Networks (optional)`}
                    description={t`From which the key can be used, such as 192.0.2.0/24. One a line.`}
                    autosize
                    minRows={2}
                    value={networks}
                    onChange={(event) => setNetworks(event.currentTarget.value)}
                />
                <FormError>{error}</FormError>
                <Group justify="flex-end" gap="xs">
                    <Button variant="default" renderRoot={(props) => <Link to="/settings/keys" {...props} />}>
                        <Trans>Cancel</Trans>
                    </Button>
                    <Button type="submit" disabled={scopes.length === 0} loading={busy}>
                        <Trans>Create the key</Trans>
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}
