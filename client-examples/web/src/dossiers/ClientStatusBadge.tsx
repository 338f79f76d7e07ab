import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
import type { FragmentOf } from "../graphql/graphql";
import { Chip } from "../theme/Chip";
import type { clientRow } from "./queries";

type Status = FragmentOf<typeof clientRow>["status"];

const STATUSES: Record<Status, MessageDescriptor> = {
    PROSPECT: msg`Prospect`,
    ACTIVE: msg`Active`,
    PAUSED: msg`Paused`,
    ARCHIVED: msg`Archived`,
};

/** The status of a dossier in a word. */
export function ClientStatusBadge({ status }: { status: Status }) {
    const { i18n } = useLingui();
    return <Chip>{i18n._(STATUSES[status])}</Chip>;
}
