import { useLingui } from "@lingui/react/macro";
import { Checkbox, Fieldset, SimpleGrid, Stack } from "@mantine/core";
import type { Scope } from "./queries";
import { SCOPE_GROUPS, SCOPE_NAMES, scopeText, toggle } from "./scopes";

/** The scopes of a key. A scope brings those that it requires. */
export function ScopeFields({ value, onChange }: { value: Scope[]; onChange: (scopes: Scope[]) => void }) {
    const { i18n } = useLingui();
    return (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            {SCOPE_GROUPS.map(({ name, scopes }) => (
                <Fieldset key={scopes[0]} legend={i18n._(name)} p="sm">
                    <Stack gap="xs">
                        {scopes.map((scope) => (
                            <Checkbox
                                key={scope}
                                checked={value.includes(scope)}
                                label={i18n._(SCOPE_NAMES[scope]!)}
                                description={scopeText(scope)}
                                onChange={() => onChange(toggle(value, scope))}
                            />
                        ))}
                    </Stack>
                </Fieldset>
            ))}
        </SimpleGrid>
    );
}
