import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { usePages } from "../graphql/usePages";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { Section, Sections, SettingRow } from "../theme/Section";
import { ApiKeyRow } from "./ApiKeyRow";
import { API_KEYS } from "./queries";

const NO_VARIABLES = {};

/** The API keys of the organization: those that work, and those that no longer do. */
export function ApiKeysPage() {
    const { t } = useLingui();
    useDocumentTitle(t`API keys`);
    const { rows: keys, more, error, retry } = usePages(API_KEYS, NO_VARIABLES, "cache-and-network");
    if (error && !keys) return <ErrorState error={error} onRetry={retry} />;
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
            {more && <LoadMore {...more} key={more.key} />}
        </Sections>
    );
}
