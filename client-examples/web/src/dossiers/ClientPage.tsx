import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Group, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconEye, IconFolderOff, IconShieldLock, IconX } from "@tabler/icons-react";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useQuery } from "urql";
import { LinkBar } from "../hub/LinkBar";
import tabs from "../hub/Tabs.module.css";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { Time } from "../text/Time";
import { Chip } from "../theme/Chip";
import { useViewer } from "../viewer/ViewerContext";
import classes from "./Client.module.css";
import { ClientStatusBadge } from "./ClientStatusBadge";
import { CLIENT } from "./queries";
import { TABS } from "./tabs";

const route = getRouteApi("/app/hub/dossiers/$clientId");

/** A dossier: its header, and one of its tabs. */
export function ClientPage() {
    const { t } = useLingui();
    const { clientId } = route.useParams();
    const { role } = useViewer();
    const [{ data, error }, read] = useQuery({ query: CLIENT, variables: { id: clientId } });
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    if (!data.client) {
        return <EmptyState icon={IconFolderOff} title={<Trans>This dossier does not exist, or you cannot see it.</Trans>} />;
    }
    const { name, track, status, site, lastActivityAt, legalHold } = data.client;
    return (
        <article>
            <header className={classes.header}>
                <Group wrap="nowrap" gap={8}>
                    <ActionIcon
                        hiddenFrom="sm"
                        variant="subtle"
                        color="gray"
                        aria-label={t`Back`}
                        renderRoot={(props) => <Link to="/dossiers" search={(search: object) => search} {...props} />}
                    >
                        <IconArrowLeft size={18} />
                    </ActionIcon>
                    <Title order={2} size="h3" flex={1} miw={0} className="truncate">
                        {name}
                    </Title>
                    {role !== "STAFF" && <AsClientLink clientId={clientId} />}
                    <ActionIcon
                        visibleFrom="sm"
                        variant="subtle"
                        color="gray"
                        aria-label={t`Close`}
                        renderRoot={(props) => <Link to="/dossiers" search={(search: object) => search} {...props} />}
                    >
                        <IconX size={18} />
                    </ActionIcon>
                </Group>
                <Group gap={10} mt={6}>
                    <ClientStatusBadge status={status} />
                    {legalHold && (
                        <Chip icon={IconShieldLock} tone="waiting">
                            <Trans>Legal hold</Trans>
                        </Chip>
                    )}
                    <Text span fz={13} c="dimmed">
                        {[track, site?.name].filter(Boolean).join(" · ")}
                        {lastActivityAt && (
                            <>
                                {" · "}
                                <Trans>
                                    Last activity: <Time value={lastActivityAt} />
                                </Trans>
                            </>
                        )}
                    </Text>
                </Group>
                <LinkBar label={name} className={`${tabs.tabs} ${classes.tabs}`}>
                    {TABS.filter(({ hiddenFrom }) => hiddenFrom !== role).map((tab) => (
                        <TabLink key={tab.to} clientId={clientId} {...tab} />
                    ))}
                </LinkBar>
            </header>
            <div className={classes.body}>
                <Outlet />
            </div>
        </article>
    );
}

/** Leads to the preview of the client's portal. */
function AsClientLink({ clientId }: { clientId: string }) {
    const { t } = useLingui();
    const link = (props: object) => <Link to="/dossiers/$clientId/as-client" params={{ clientId }} {...props} />;
    return (
        <>
            <Button size="xs" variant="default" className={classes.long} leftSection={<IconEye size={16} stroke={1.7} aria-hidden />} renderRoot={link}>
                <Trans>See as the client</Trans>
            </Button>
            <ActionIcon className={classes.short} variant="subtle" color="gray" aria-label={t`See as the client`} renderRoot={link}>
                <IconEye size={18} stroke={1.7} />
            </ActionIcon>
        </>
    );
}

const none = () => 0;

/** A tab with the number of things that wait in it. */
function TabLink({ clientId, to, label, useCount = none }: { clientId: string } & (typeof TABS)[number]) {
    const { i18n } = useLingui();
    const count = useCount(clientId);
    return (
        <Link to={to} params={{ clientId }} activeOptions={{ exact: to === "/dossiers/$clientId", includeSearch: false }} className={tabs.tab}>
            {i18n._(label)}
            {count > 0 && (
                <span className={tabs.count} aria-label={plural(count, { one: "# waits", other: "# wait" })}>
                    {count}
                </span>
            )}
        </Link>
    );
}
