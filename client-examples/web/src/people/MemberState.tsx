import { Trans } from "@lingui/react/macro";
import { IconBan, IconShieldCheck } from "@tabler/icons-react";
import { Chip } from "../theme/Chip";

/** Whether a member is suspended, and whether they have a second factor. Only owners see the factor. */
export function MemberState({ member: { suspended, hasFactor } }: { member: { suspended: boolean; hasFactor: boolean | null } }) {
    if (suspended) {
        return (
            <Chip tone="overdue" icon={IconBan}>
                <Trans>Suspended</Trans>
            </Chip>
        );
    }
    if (!hasFactor) return null;
    return (
        <Chip icon={IconShieldCheck}>
            <Trans>2 factors</Trans>
        </Chip>
    );
}
