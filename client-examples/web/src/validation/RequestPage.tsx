import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Group, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconFileOff, IconX } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useQuery } from "urql";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { Time } from "../text/Time";
import { PersonMark } from "../theme/PersonMark";
import { VisibilityMark } from "../theme/VisibilityMark";
import { AssignMenu } from "./AssignMenu";
import { DecisionBar } from "./DecisionBar";
import { Comments } from "./Comments";
import { DueDate } from "./DueDate";
import { RequestSubjects } from "./RequestSubjects";
import { useSignalPresence } from "../live/presence";
import { REQUEST } from "./queries";
import { useQueue } from "./QueueContext";
import classes from "./Request.module.css";
import { RequestHistory } from "./RequestHistory";
import { filtersOf } from "./search";
import { StatusBadge } from "./StatusBadge";

const route = getRouteApi("/app/hub/validation/$requestId");

/** A validation request with its document, its history, and what the viewer can do with it. */
export function RequestPage() {
    const { t } = useLingui();
    const { requestId } = route.useParams();
    const navigate = useNavigate();
    const { viewersOf } = useQueue();
    const [{ data, error }, read] = useQuery({ query: REQUEST, variables: { id: requestId } });
    useSignalPresence(requestId);
    if (error) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    const request = data.node;
    if (request?.__typename !== "ValidationRequest") {
        return <EmptyState icon={IconFileOff} title={<Trans>This request does not exist, or you cannot see it.</Trans>} />;
    }
    const { title, client, submitter, createdAt, status, internal, description, internalNote } = request;
    const viewers = viewersOf(requestId);
    const close = () => void navigate({ to: "/validation", search: filtersOf });
    return (
        <article className={classes.page} key={requestId}>
            <div className={classes.scroll}>
                <Group justify="space-between" wrap="nowrap" mb={4}>
                    <Group gap={8} miw={0} wrap="nowrap">
                        <ActionIcon variant="subtle" color="gray" onClick={close} aria-label={t`Back`} hiddenFrom="sm">
                            <IconArrowLeft size={18} />
                        </ActionIcon>
                        {client && (
                            <Link to="/dossiers/$clientId" params={{ clientId: client.id }} className={`truncate ${classes.client}`}>
                                {client.name}
                            </Link>
                        )}
                    </Group>
                    <Group gap={6} wrap="nowrap">
                        {viewers.map((name) => (
                            <PersonMark key={name} name={name} label={t`${name} looks at it`} size={24} variant="filled" />
                        ))}
                        <DueDate request={request} />
                        <AssignMenu request={request} />
                        <ActionIcon variant="subtle" color="gray" onClick={close} aria-label={t`Close`} visibleFrom="sm">
                            <IconX size={18} />
                        </ActionIcon>
                    </Group>
                </Group>
                <Title order={2} size="h3" mb={10} style={{ overflowWrap: "anywhere" }}>
                    {title}
                </Title>
                <Group gap={10} mb="lg">
                    <StatusBadge status={status} />
                    <VisibilityMark visible={!internal} />
                    <Text span fz={13} c="dimmed">
                        {submitter.displayName} · <Time value={createdAt} />
                    </Text>
                </Group>
                {description && <p className={classes.description}>{description}</p>}
                <RequestSubjects request={request} />
                {internalNote && (
                    <section className={classes.note}>
                        <Text fz={12} fw={600} mb={2}>
                            <Trans>Internal note</Trans>
                        </Text>
                        {internalNote}
                    </section>
                )}
                <RequestHistory steps={request.history.nodes} />
                <Comments request={request} />
            </div>
            <DecisionBar request={request} />
        </article>
    );
}
