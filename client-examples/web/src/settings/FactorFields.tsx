import { useLingui } from "@lingui/react/macro";
import { Checkbox, Group } from "@mantine/core";
import { useRoleNames } from "../viewer/RoleName";
import type { Viewer } from "../viewer/queries";
import type { FieldsProps } from "./fields";

const ROLES: Viewer["role"][] = ["OWNER", "OPERATOR", "MANAGER", "STAFF", "CLIENT"];

export function FactorFields({ values: { requiredFactorRoles }, onChange }: FieldsProps) {
    const { t } = useLingui();
    const names = useRoleNames();
    return (
        <Checkbox.Group
            label={t`Roles that need a second factor`}
            description={t`For owners, set up your own one first.`}
            value={requiredFactorRoles}
            onChange={(roles) => onChange({ requiredFactorRoles: roles as Viewer["role"][] })}
        >
            <Group gap="md" mt="xs">
                {ROLES.map((role) => (
                    <Checkbox key={role} value={role} label={names[role]} />
                ))}
            </Group>
        </Checkbox.Group>
    );
}
