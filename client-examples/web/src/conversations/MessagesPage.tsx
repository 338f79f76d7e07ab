import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Group, SegmentedControl, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconMessages, IconPencilPlus } from "@tabler/icons-react";
import { getRouteApi, Link, Outlet, useMatches, useNavigate, useParams } from "@tanstack/react-router";
import listClasses from "../hub/List.module.css";
import { ListDetail } from "../hub/ListDetail";
import { useEntries } from "../outbox/useEntries";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import { ConversationRow } from "./ConversationRow";
import { PendingConversationRow } from "./PendingConversationRow";
import { isUnread } from "./readMarkers";
import { useConversations, useUnread } from "./useConversations";

const route = getRouteApi("/app/hub/messages");

/** The conversations of all dossiers, and the opened one beside them. */
export function MessagesPage() {
    const { t } = useLingui();
    const { show } = route.useSearch();
    const navigate = useNavigate();
    const open = useMatches({ select: (matches) => matches.at(-1)?.routeId !== "/app/hub/messages" });
    const { conversationId } = useParams({ strict: false });
    const all = useConversations();
    const unread = useUnread(conversationId);
    const { conversations: shown, error, retry, more } = show === "unread" ? unread : all;
    const pending = useEntries("startConversation");
    const count = unread.conversations?.filter(isUnread).length ?? 0;
    useDocumentTitle(count > 0 ? t`(${count}) Messages` : t`Messages`);
    const list = (
        <>
            <div className={listClasses.header}>
                <Group justify="space-between" wrap="nowrap">
                    <Title order={1} size="h4">
                        <Trans>Messages</Trans>
                    </Title>
                    <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={t`New conversation`}
                        renderRoot={(props) => <Link to="/messages/new" {...props} />}
                    >
                        <IconPencilPlus size={18} stroke={1.6} />
                    </ActionIcon>
                </Group>
                <SegmentedControl
                    size="xs"
                    value={show ?? "all"}
                    aria-label={t`Show`}
                    onChange={(value) => void navigate({ to: ".", search: { show: value === "unread" ? "unread" : undefined }, replace: true })}
                    data={[
                        { value: "all", label: t`All` },
                        { value: "unread", label: count > 0 ? t`Unread (${count})` : t`Unread` },
                    ]}
                />
            </div>
            <div className={listClasses.rows}>
                {pending.map((entry) => (
                    <PendingConversationRow key={entry.id} entry={entry} />
                ))}
                {error && !shown ? (
                    <ErrorState error={error} onRetry={retry} />
                ) : !shown ? (
                    <ListSkeleton height={72} />
                ) : shown.length === 0 && !more ? (
                    <EmptyState icon={IconMessages} title={show ? <Trans>Nothing is unread.</Trans> : <Trans>No conversations yet.</Trans>} />
                ) : (
                    shown.map((conversation) => (
                        <ConversationRow
                            key={conversation.id}
                            conversation={conversation}
                            target={{ to: "/messages/$conversationId", params: { conversationId: conversation.id }, search: { show } }}
                            withClient
                        />
                    ))
                )}
                {more && <LoadMore {...more} key={more.key} />}
            </div>
        </>
    );
    return (
        <ListDetail
            open={open}
            list={list}
            detail={open ? <Outlet /> : shown?.length ? <EmptyState icon={IconMessages} title={<Trans>Choose a conversation.</Trans>} /> : null}
        />
    );
}
