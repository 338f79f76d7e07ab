import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useSend } from "../graphql/useSend";
import { FormError } from "../states/FormError";
import { Time } from "../text/Time";
import { Chip } from "../theme/Chip";
import { SettingRow } from "../theme/Section";
import { deviceName } from "./deviceName";
import { END_SESSION } from "./queries";

interface Props {
    session: { id: string; device: string | null; network: string | null; lastUsedAt: string; current: boolean };
    organization?: string | undefined;
}

/** A session with its device, network and last use. Every session but the present one can be ended here. */
export function SessionRow({ session: { id, device, network, lastUsedAt, current }, organization }: Props) {
    const { t } = useLingui();
    const { submit, busy, error } = useSend();
    const name = device ? deviceName(device) : t`Access token for a script`;
    return (
        <SettingRow
            name={
                <>
                    <span title={device ?? undefined}>{name}</span>
                    {current && (
                        <Chip tone="approved">
                            <Trans>This session</Trans>
                        </Chip>
                    )}
                </>
            }
            meta={
                <>
                    {[organization, network].filter(Boolean).join(" · ")} · <Time value={lastUsedAt} />
                    <FormError>{error}</FormError>
                </>
            }
        >
            {!current && (
                <Button
                    size="xs"
                    variant="default"
                    loading={busy}
                    aria-label={t`End the session: ${name}`}
                    onClick={() => void submit(END_SESSION, { input: { id } })}
                >
                    <Trans>End</Trans>
                </Button>
            )}
        </SettingRow>
    );
}
