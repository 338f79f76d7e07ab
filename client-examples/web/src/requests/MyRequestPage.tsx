import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor, Button, Group, Text } from "@mantine/core";
import { IconArrowLeft, IconFileOff } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useClient, useQuery } from "urql";
import { send } from "../graphql/send";
import { PortalTitle } from "../portal/PortalTitle";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { notifyFailure } from "../states/notify";
import { PageSkeleton } from "../states/PageSkeleton";
import { Time } from "../text/Time";
import { Comments } from "../validation/Comments";
import { DueDay } from "../validation/DueDay";
import { REQUEST } from "../validation/queries";
import { RequestHistory } from "../validation/RequestHistory";
import { RequestSubjects } from "../validation/RequestSubjects";
import { StatusBadge } from "../validation/StatusBadge";
import { CANCEL, RESUBMIT } from "./queries";
import classes from "./MyRequestPage.module.css";

const route = getRouteApi("/app/portal/requests/$requestId");

/** A request of the client: its answer, its history, and what the client can do with it. */
export function MyRequestPage() {
    const { t } = useLingui();
    const client = useClient();
    const { requestId: id } = route.useParams();
    const [{ data, error }, read] = useQuery({ query: REQUEST, variables: { id } });
    const [busy, setBusy] = useState(false);
    if (error) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    const request = data.node;
    if (request?.__typename !== "ValidationRequest") {
        return <EmptyState icon={IconFileOff} title={<Trans>This request does not exist, or you cannot see it.</Trans>} />;
    }
    const { title, status, createdAt, description, decisionReason, dueOn, overdue, history, revision, viewerCan } = request;
    const run = async (action: () => Promise<unknown>) => {
        setBusy(true);
        await action().catch((cause: unknown) => notifyFailure(t`Not sent`, cause));
        setBusy(false);
    };
    const input = { id, expectedRevision: revision };
    return (
        <>
            <Anchor renderRoot={(props) => <Link to="/portal/requests" {...props} />} fz="sm" className={classes.back}>
                <IconArrowLeft size={16} aria-hidden /> <Trans>My requests</Trans>
            </Anchor>
            <PortalTitle>{title}</PortalTitle>
            <Group gap={10} mb="lg">
                <StatusBadge status={status} />
                <Text span fz="sm" c="dimmed">
                    <Time value={createdAt} />
                </Text>
                {dueOn && <DueDay dueOn={dueOn} overdue={overdue} />}
            </Group>
            {decisionReason && (
                <blockquote className={classes.answer} data-status={status}>
                    <Text fz="sm" fw={600} mb={2}>
                        <Trans>The agency's answer</Trans>
                    </Text>
                    {decisionReason}
                </blockquote>
            )}
            {description && <p className={classes.description}>{description}</p>}
            <RequestSubjects request={request} />
            <Group mb="xl">
                {viewerCan.includes("RESUBMIT") && (
                    <Button size="md" loading={busy} onClick={() => void run(() => send(client, RESUBMIT, { input }))}>
                        <Trans>Submit again</Trans>
                    </Button>
                )}
                {viewerCan.includes("CANCEL") && (
                    <Button size="md" variant="default" disabled={busy} onClick={() => void run(() => send(client, CANCEL, { input }))}>
                        <Trans>Withdraw</Trans>
                    </Button>
                )}
            </Group>
            <RequestHistory steps={history.nodes} level={2} />
            <Comments request={request} level={2} />
        </>
    );
}
