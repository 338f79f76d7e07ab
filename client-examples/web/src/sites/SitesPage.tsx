import { Trans, useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "urql";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { Block, Section, Sections, SettingRow } from "../theme/Section";
import { AddSiteForm } from "./AddSiteForm";
import { SITES } from "./queries";
import { SiteRow } from "./SiteRow";

/** The sites of the organization. */
export function SitesPage() {
    const { t } = useLingui();
    useDocumentTitle(t`Sites`);
    const [{ data, error }, read] = useQuery({ query: SITES, requestPolicy: "cache-and-network" });
    const sites = data?.viewer?.sites.nodes;
    if (error && !sites) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    return (
        <Sections>
            <Section
                title={<Trans>Sites</Trans>}
                text={<Trans>Managers and staff see the dossiers of their sites. Owners and operators see all.</Trans>}
            >
                {!sites ? (
                    <ListSkeleton rows={2} />
                ) : sites.length === 0 ? (
                    <SettingRow name={<Trans>No site yet</Trans>} meta={<Trans>A small agency needs none.</Trans>} />
                ) : (
                    sites.map((site) => <SiteRow key={site.id} site={site} />)
                )}
                <Block>
                    <AddSiteForm />
                </Block>
            </Section>
        </Sections>
    );
}
