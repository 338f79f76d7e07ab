import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconClockExclamation } from "@tabler/icons-react";
import { useSend } from "../graphql/useSend";
import { ConfirmButton } from "../states/ConfirmButton";
import { FormError } from "../states/FormError";
import { notifyDone } from "../states/notify";
import { formatDate } from "../text/format";
import { Time } from "../text/Time";
import { Chip } from "../theme/Chip";
import { SettingRow } from "../theme/Section";
import { RoleName } from "../viewer/RoleName";
import { RESEND_INVITATION, REVOKE_INVITATION, type InvitationRow as Row } from "./queries";

/** An open invitation. It can be sent again and revoked. */
export function InvitationRow({ invitation: { id, email, role, status, sentAt, expiresAt, inviter, client, sites } }: { invitation: Row }) {
    const { t } = useLingui();
    const { submit, busy, error } = useSend();
    const until = formatDate(expiresAt);
    const where = client?.name ?? sites.map(({ name }) => name).join(", ");
    const resend = async () => {
        if (await submit(RESEND_INVITATION, { input: { id } })) notifyDone(t`The invitation was sent again.`);
    };
    return (
        <SettingRow
            name={
                <>
                    {email}
                    {status === "EXPIRED" && (
                        <Chip tone="waiting" icon={IconClockExclamation}>
                            <Trans>Expired</Trans>
                        </Chip>
                    )}
                </>
            }
            meta={
                <>
                    <RoleName role={role} />
                    {where && ` · ${where}`}
                    {" · "}
                    <Trans>
                        invited by {inviter.displayName} <Time value={sentAt} />
                    </Trans>
                    {status === "PENDING" && (
                        <>
                            {" · "}
                            <Trans>valid until {until}</Trans>
                        </>
                    )}
                    <FormError>{error}</FormError>
                </>
            }
        >
            <Button size="xs" variant="default" loading={busy} onClick={() => void resend()}>
                <Trans>Send again</Trans>
            </Button>
            <ConfirmButton
                label={<Trans>Revoke</Trans>}
                title={<Trans>Revoke the invitation?</Trans>}
                mutation={REVOKE_INVITATION}
                variables={{ input: { id } }}
                dangerous
            >
                <Trans>The link in the mail to {email} stops working.</Trans>
            </ConfirmButton>
        </SettingRow>
    );
}
