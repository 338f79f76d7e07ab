import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
import type { FragmentOf } from "../graphql/graphql";
import { Chip } from "../theme/Chip";
import type { clientRow } from "./queries";

type Status = FragmentOf<typeof clientRow>["status"];

const STATUSES: Record<Status, [MessageDescriptor, "approved" | "waiting" | "plain"]> = {
    PROSPECT: [msg`Prospect`, "waiting"],
    ACTIVE: [msg`Active`, "approved"],
    PAUSED: [msg`Paused`, "plain"],
    ARCHIVED: [msg`Archived`, "plain"],
};

/** The status of a dossier in a word. */
export function ClientStatusBadge({ status }: { status: Status }) {
    const { i18n } = useLingui();
    const [label, tone] = STATUSES[status];
    return <Chip tone={tone}>{i18n._(label)}</Chip>;
}
