import { Trans } from "@lingui/react/macro";
import { Title } from "@mantine/core";
import {
    IconArrowBackUp,
    IconCalendarDue,
    IconCircleCheck,
    IconCircleX,
    IconEye,
    IconFiles,
    IconMinus,
    IconRefresh,
    IconSend,
    IconUserCheck,
    type Icon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Time } from "../text/Time";
import type { OpenRequest } from "./queries";
import classes from "./Request.module.css";

type Step = OpenRequest["history"]["nodes"][number];

const ACTIONS: Record<Step["action"], [Icon, ReactNode]> = {
    SUBMITTED: [IconSend, <Trans>submitted it</Trans>],
    RESUBMITTED: [IconRefresh, <Trans>submitted it again</Trans>],
    APPROVED: [IconCircleCheck, <Trans>approved it</Trans>],
    REJECTED: [IconCircleX, <Trans>rejected it</Trans>],
    CHANGES_REQUESTED: [IconArrowBackUp, <Trans>asked for changes</Trans>],
    CANCELLED: [IconMinus, <Trans>withdrew it</Trans>],
    ASSIGNED: [IconUserCheck, <Trans>changed who is in charge</Trans>],
    DUE_DATE_SET: [IconCalendarDue, <Trans>changed the due date</Trans>],
    VERSION_REPLACED: [IconFiles, <Trans>sent a new version</Trans>],
    SHARED: [IconEye, <Trans>shared it with the client</Trans>],
};

/** The steps of a request, oldest first. */
export const RequestHistory = ({ steps, level = 3 }: { steps: Step[]; level?: 2 | 3 }) => (
    <section>
        <Title order={level} fz={13} mb={12}>
            <Trans>History</Trans>
        </Title>
        <ol className={classes.steps}>
            {steps.map(({ id, action, actor, createdAt, reason, documentVersion }) => {
                const [Icon, words] = ACTIONS[action];
                return (
                    <li key={id} className={classes.step}>
                        <Icon size={18} stroke={1.6} aria-hidden />
                        <span>
                            <b>{actor.displayName}</b> {words}
                            {documentVersion && ` · v${documentVersion.number}`}
                        </span>
                        <Time value={createdAt} />
                        {reason && <p className={classes.reason}>{reason}</p>}
                    </li>
                );
            })}
        </ol>
    </section>
);
