import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
import { IconArrowBackUp, IconCircleCheck, IconCircleX, IconClock, IconMinus, type Icon } from "@tabler/icons-react";
import type { MessageDescriptor } from "@lingui/core";
import { Chip } from "../theme/Chip";
import type { RequestRow } from "./queries";

const STATUSES: Record<RequestRow["status"], [MessageDescriptor, Icon, "approved" | "waiting" | "overdue" | "plain"]> = {
    PENDING: [msg`Waiting`, IconClock, "waiting"],
    APPROVED: [msg`Approved`, IconCircleCheck, "approved"],
    REJECTED: [msg`Rejected`, IconCircleX, "overdue"],
    CHANGES_REQUESTED: [msg`Changes requested`, IconArrowBackUp, "waiting"],
    CANCELLED: [msg`Withdrawn`, IconMinus, "plain"],
};

/** The status of a request, as a sign with a word. */
export function StatusBadge({ status }: { status: RequestRow["status"] }) {
    const { i18n } = useLingui();
    const [label, icon, tone] = STATUSES[status];
    return (
        <Chip icon={icon} tone={tone}>
            {i18n._(label)}
        </Chip>
    );
}
