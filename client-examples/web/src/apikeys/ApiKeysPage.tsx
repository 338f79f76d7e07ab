import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Center, Loader } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { useNextPage } from "../graphql/useNextPage";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { Section, Sections, SettingRow } from "../theme/Section";
import { ApiKeyRow } from "./ApiKeyRow";
import { API_KEYS } from "./queries";

/** The API keys of the organization: those that work, and those that no longer do. */
export function ApiKeysPage() {
    const { t } = useLingui();
    useDocumentTitle(t`API keys`);
    const [after, setAfter] = useState<string | null>(null);
    const [{ data, error, fetching }, read] = useQuery({ query: API_KEYS, variables: { after }, requestPolicy: "cache-and-network" });
    const keys = data?.apiKeys.nodes;
    const next = data?.apiKeys.pageInfo.hasNextPage ? data.apiKeys.pageInfo.endCursor : null;
    const ref = useNextPage(next, fetching, setAfter);
    if (error && !keys) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    const active = keys?.filter(({ status }) => status === "ACTIVE");
    const ended = keys?.filter(({ status }) => status !== "ACTIVE") ?? [];
    return (
        <Sections>
            <Section
                title={<Trans>API keys</Trans>}
                text={<Trans>A script calls the API with a key. Its name is the author of what it does.</Trans>}
            >
                {!active ? (
                    <ListSkeleton rows={3} />
                ) : (
                    active.map((apiKey) => <ApiKeyRow key={apiKey.id} apiKey={apiKey} />)
                )}
                <SettingRow
                    name={active?.length === 0 && <Trans>No key yet</Trans>}
                    meta={active && active.length > 0 && <Plural value={active.length} one="# active key" other="# active keys" />}
                >
                    <Button
                        size="xs"
                        leftSection={<IconPlus size={16} aria-hidden />}
                        renderRoot={(props) => <Link to="/settings/keys/new" {...props} />}
                    >
                        <Trans>Create a key</Trans>
                    </Button>
                </SettingRow>
            </Section>
            {ended.length > 0 && (
                <Section title={<Trans>No longer valid</Trans>}>
                    {ended.map((apiKey) => (
                        <ApiKeyRow key={apiKey.id} apiKey={apiKey} />
                    ))}
                </Section>
            )}
            {next && (
                <Center ref={ref} p="md">
                    <Loader type="dots" color="gray" size="sm" />
                </Center>
            )}
        </Sections>
    );
}
