import { Trans } from "@lingui/react/macro";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { Chip } from "../theme/Chip";
import type { DocumentFields } from "./queries";

/** Says whether a document is approved as it is now. */
export function ApprovalMark({ approval }: Pick<DocumentFields, "approval">) {
    if (approval === "NONE") return null;
    return approval === "CURRENT" ? (
        <Chip icon={IconCircleCheck} tone="approved">
            <Trans>Approved</Trans>
        </Chip>
    ) : (
        <Chip icon={IconAlertTriangle} tone="waiting">
            <Trans>Changed since approval</Trans>
        </Chip>
    );
}
