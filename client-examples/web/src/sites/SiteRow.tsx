import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import { useSend } from "../graphql/useSend";
import { ConfirmButton } from "../states/ConfirmButton";
import { Chip } from "../theme/Chip";
import { RenameForm } from "../settings/RenameForm";
import { SettingRow } from "../theme/Section";
import { UPDATE_SITE, type Site } from "./queries";

/** A site. It can be renamed, closed and opened again. */
export function SiteRow({ site: { id, name, closed } }: { site: Site }) {
    const { t } = useLingui();
    const { submit, busy, error } = useSend();
    const [renaming, setRenaming] = useState(false);
    const rename = async (newName: string) => {
        if (await submit(UPDATE_SITE, { input: { id, name: newName } })) setRenaming(false);
    };
    if (renaming) {
        return (
            <RenameForm
                label={t`Name of the site`}
                name={name}
                maxLength={200}
                busy={busy}
                error={error}
                onSubmit={rename}
                onCancel={() => setRenaming(false)}
            />
        );
    }
    return (
        <SettingRow
            name={
                <>
                    {name}
                    {closed && (
                        <Chip>
                            <Trans>Closed</Trans>
                        </Chip>
                    )}
                </>
            }
        >
            <Button size="xs" variant="default" onClick={() => setRenaming(true)}>
                <Trans>Rename</Trans>
            </Button>
            {closed ? (
                <ConfirmButton
                    label={<Trans>Open again</Trans>}
                    title={<Trans>Open {name} again?</Trans>}
                    mutation={UPDATE_SITE}
                    variables={{ input: { id, closed: false } }}
                >
                    <Trans>The site takes new clients and new members again.</Trans>
                </ConfirmButton>
            ) : (
                <ConfirmButton
                    label={<Trans context="site">Close</Trans>}
                    title={<Trans>Close {name}?</Trans>}
                    mutation={UPDATE_SITE}
                    variables={{ input: { id, closed: true } }}
                    dangerous
                >
                    <Trans>A closed site takes no new clients and no new members. All of its clients must be archived.</Trans>
                </ConfirmButton>
            )}
        </SettingRow>
    );
}
