import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useSend } from "../graphql/useSend";
import { FormError } from "../states/FormError";
import { notifyDone } from "../states/notify";
import { grantInput, isComplete, ROLES, type Grant } from "./grant";
import { GrantFields } from "./GrantFields";
import { CHANGE_MEMBER, type Member } from "./queries";

/** Changes the role, the sites or the dossier of a member. */
export function RoleForm({ member: { id, role, sites, client } }: { member: Member }) {
    const { t } = useLingui();
    const { submit, busy, error } = useSend();
    const present: Grant = { role, siteIds: sites.map((site) => site.id), clientId: client?.id ?? null };
    const [grant, setGrant] = useState(present);
    const changed = JSON.stringify(grantInput(grant)) !== JSON.stringify(grantInput(present));
    const save = async (event: FormEvent) => {
        event.preventDefault();
        if (await submit(CHANGE_MEMBER, { input: { id, ...grantInput(grant) } })) notifyDone(t`Saved`);
    };
    return (
        <form onSubmit={(event) => void save(event)}>
            <Stack gap="sm">
                <GrantFields value={grant} roles={ROLES} onChange={setGrant} />
                <FormError>{error}</FormError>
                <Group justify="flex-end">
                    <Button type="submit" disabled={!changed || !isComplete(grant)} loading={busy}>
                        <Trans>Save</Trans>
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}
