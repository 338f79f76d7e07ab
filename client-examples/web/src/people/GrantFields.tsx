import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Checkbox, Group, NativeSelect, Text } from "@mantine/core";
import { useQuery } from "urql";
import { SITES } from "../sites/queries";
import { useRoleNames } from "../viewer/RoleName";
import { ClientSelect } from "./ClientSelect";
import { needsSites, type Grant } from "./grant";

const DESCRIPTIONS = {
    OWNER: msg`Everything, with members, sites, keys and settings.`,
    OPERATOR: msg`All dossiers: decides, publishes, bills and writes.`,
    MANAGER: msg`As an operator, at their sites.`,
    STAFF: msg`Reads, uploads and writes at their sites. No private documents, no money.`,
    CLIENT: msg`The visible part of one dossier, in the portal.`,
};

interface Props {
    value: Grant;
    roles: Grant["role"][];
    onChange: (value: Grant) => void;
}

/** A role, and the sites or the dossier that it needs. */
export function GrantFields({ value, roles, onChange }: Props) {
    const { t, i18n } = useLingui();
    const roleNames = useRoleNames();
    const { role, siteIds, clientId } = value;
    const [{ data }] = useQuery({ query: SITES, pause: !needsSites(role) });
    const sites = data?.viewer?.sites.nodes.filter(({ id, closed }) => !closed || siteIds.includes(id));
    return (
        <>
            {roles.length > 1 && (
                <NativeSelect
                    label={t`Role`}
                    description={i18n._(DESCRIPTIONS[role])}
                    inputWrapperOrder={["label", "input", "description"]}
                    value={role}
                    onChange={(event) => onChange({ ...value, role: event.currentTarget.value as Grant["role"] })}
                    data={roles.map((known) => ({ value: known, label: roleNames[known] }))}
                />
            )}
            {needsSites(role) &&
                (sites?.length === 0 ? (
                    <Text fz="sm" c="dimmed">
                        <Trans>This role needs a site. Add one in the settings first.</Trans>
                    </Text>
                ) : (
                    <Checkbox.Group label={t`Sites`} value={siteIds} onChange={(ids) => onChange({ ...value, siteIds: ids })}>
                        <Group gap="md" mt={4}>
                            {sites?.map(({ id, name }) => (
                                <Checkbox key={id} value={id} label={name} />
                            ))}
                        </Group>
                    </Checkbox.Group>
                ))}
            {role === "CLIENT" && <ClientSelect value={clientId} onChange={(id) => onChange({ ...value, clientId: id })} />}
        </>
    );
}
