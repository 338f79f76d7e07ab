import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import { useSend } from "../graphql/useSend";
import { ConfirmButton } from "../states/ConfirmButton";
import { formatDate } from "../text/format";
import { Time } from "../text/Time";
import { RenameForm } from "../settings/RenameForm";
import { SettingRow } from "../theme/Section";
import { REMOVE_PASSKEY, UPDATE_PASSKEY, type Account } from "./queries";

/** A passkey with its last use. It can be renamed and removed. */
export function PasskeyRow({ passkey: { id, name, createdAt, lastUsedAt } }: { passkey: Account["passkeys"][number] }) {
    const { t } = useLingui();
    const { submit, busy, error } = useSend();
    const [renaming, setRenaming] = useState(false);
    const rename = async (newName: string) => {
        if (await submit(UPDATE_PASSKEY, { input: { id, name: newName } })) setRenaming(false);
    };
    if (renaming) {
        return (
            <RenameForm
                label={t`Name of the passkey`}
                name={name}
                maxLength={100}
                busy={busy}
                error={error}
                onSubmit={rename}
                onCancel={() => setRenaming(false)}
            />
        );
    }
    const added = formatDate(createdAt);
    return (
        <SettingRow
            name={name}
            meta={
                <>
                    <Trans>Added on {added}</Trans>
                    {" · "}
                    {lastUsedAt ? (
                        <Trans>
                            used <Time value={lastUsedAt} />
                        </Trans>
                    ) : (
                        <Trans>never used</Trans>
                    )}
                </>
            }
        >
            <Button size="xs" variant="default" onClick={() => setRenaming(true)}>
                <Trans>Rename</Trans>
            </Button>
            <ConfirmButton
                label={<Trans>Remove</Trans>}
                title={<Trans>Remove the passkey “{name}”?</Trans>}
                mutation={REMOVE_PASSKEY}
                variables={{ input: { id } }}
                dangerous
            >
                <Trans>You can no longer sign in with it, and your other sessions end. Delete it on the device, too.</Trans>
            </ConfirmButton>
        </SettingRow>
    );
}
