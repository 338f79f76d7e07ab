import { useLingui } from "@lingui/react/macro";
import { NativeSelect, TextInput } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useQuery } from "urql";
import { ACTION_GROUPS } from "./actions";
import classes from "./Audit.module.css";
import { AUDIT_PEOPLE } from "./queries";
import type { AuditSearch } from "./search";

const route = getRouteApi("/app/hub/settings/audit");

/** The filters of the log. They stand in the address of the page. */
export function AuditFilters() {
    const { t, i18n } = useLingui();
    const { action, outcome, member, from, to } = route.useSearch();
    const navigate = useNavigate();
    const [{ data }] = useQuery({ query: AUDIT_PEOPLE });
    const change = (next: object) => void navigate({ to: ".", search: (now: AuditSearch) => ({ ...now, ...next }) as AuditSearch, replace: true });
    return (
        <div className={classes.search}>
            <div className={classes.filters}>
                <NativeSelect
                    label={t`Action`}
                    value={action ?? ""}
                    onChange={(event) => change({ action: event.currentTarget.value || undefined })}
                >
                    <option value="">{t`All actions`}</option>
                    {ACTION_GROUPS.map(({ name, key, actions }) => (
                        <optgroup key={key} label={i18n._(name)}>
                            <option value={key}>{t`All: ${i18n._(name)}`}</option>
                            {Object.entries(actions).map(([value, label]) => (
                                <option key={value} value={value}>
                                    {i18n._(label)}
                                </option>
                            ))}
                        </optgroup>
                    ))}
                </NativeSelect>
                <NativeSelect
                    label={t`Outcome`}
                    value={outcome ?? ""}
                    onChange={(event) => change({ outcome: event.currentTarget.value || undefined })}
                    data={[
                        { value: "", label: t`All outcomes` },
                        { value: "SUCCEEDED", label: t`Done` },
                        { value: "REFUSED", label: t`Refused` },
                    ]}
                />
                <NativeSelect
                    label={t`Person`}
                    value={member ?? ""}
                    onChange={(event) => change({ member: event.currentTarget.value || undefined })}
                    data={[
                        { value: "", label: t`Everybody` },
                        ...(data?.members.nodes.map(({ id, displayName }) => ({ value: id, label: displayName })) ?? []),
                    ]}
                />
                <TextInput type="date" label={t`From`} value={from ?? ""} onChange={(event) => change({ from: event.currentTarget.value || undefined })} />
                <TextInput type="date" label={t`To`} value={to ?? ""} onChange={(event) => change({ to: event.currentTarget.value || undefined })} />
            </div>
        </div>
    );
}
