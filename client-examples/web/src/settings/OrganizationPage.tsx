import { Trans, useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "urql";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { Section, Sections } from "../theme/Section";
import { LegalFields } from "./LegalFields";
import { OrganizationFields } from "./OrganizationFields";
import { SETTINGS } from "./queries";
import { PortalFields } from "./PortalFields";
import { RuleFields } from "./RuleFields";
import { FactorFields } from "./FactorFields";
import { SettingsForm } from "./SettingsForm";
import { StorageUse } from "./StorageUse";
import { TrashFields } from "./TrashFields";

/** The settings of the organization. */
export function OrganizationPage() {
    const { t } = useLingui();
    useDocumentTitle(t`Settings`);
    const [{ data, error }, read] = useQuery({ query: SETTINGS, requestPolicy: "cache-and-network" });
    const settings = data?.viewer?.organization;
    if (error && !settings) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!settings) return <PageSkeleton />;
    return (
        <Sections>
            <Section title={<Trans>Organization</Trans>} text={<Trans>Your clients see the name in their portal and in mails.</Trans>}>
                <SettingsForm settings={settings}>{(values, change) => <OrganizationFields values={values} onChange={change} />}</SettingsForm>
            </Section>
            <Section
                title={<Trans>Portals</Trans>}
                text={<Trans>Each client uses the portal of their track. Empty fields are those of the organization.</Trans>}
            >
                <SettingsForm settings={settings}>{(values, change) => <PortalFields values={values} onChange={change} />}</SettingsForm>
            </Section>
            <Section title={<Trans>Quotes and invoices</Trans>} text={<Trans>Printed on each new quote, invoice and credit note.</Trans>}>
                <SettingsForm settings={settings}>{(values, change) => <LegalFields values={values} onChange={change} />}</SettingsForm>
            </Section>
            <Section title={<Trans>Security</Trans>} text={<Trans>A member without the required factor sees nothing until they set one up.</Trans>}>
                <SettingsForm settings={settings}>{(values, change) => <FactorFields values={values} onChange={change} />}</SettingsForm>
            </Section>
            <Section title={<Trans>Decisions and events</Trans>}>
                <SettingsForm settings={settings}>{(values, change) => <RuleFields values={values} onChange={change} />}</SettingsForm>
            </Section>
            <Section title={<Trans>Trash and retention</Trans>} text={<Trans>A legal hold of a dossier keeps its files in any case.</Trans>}>
                <SettingsForm settings={settings}>{(values, change) => <TrashFields values={values} onChange={change} />}</SettingsForm>
            </Section>
            <Section title={<Trans>Storage</Trans>} text={<Trans>All versions of all documents together, also those in the trash.</Trans>}>
                <StorageUse used={settings.storageUsed ?? 0} limit={settings.storageLimit} />
            </Section>
        </Sections>
    );
}
