import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft, IconEye, IconFolderOff } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import { LinkBar } from "../hub/LinkBar";
import { PreviewProvider } from "../portal/PortalLink";
import portal from "../portal/PortalShell.module.css";
import { navigationOf } from "../portal/tracks";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { useViewer } from "../viewer/ViewerContext";
import { Brand } from "../theme/Brand";
import { brandOf } from "../theme/brand";
import { asClient } from "./asClient";
import classes from "./AsClient.module.css";
import { AsClientContent } from "./AsClientContent";
import { AS_CLIENT } from "./queries";

const route = getRouteApi("/app/hub/dossiers/$clientId/as-client");

/** The portal of a client, as far as the agency can know what it shows. Nothing can be changed in it. */
export function AsClientPage() {
    const { t, i18n } = useLingui();
    useDocumentTitle(t`As the client sees it`);
    const { clientId } = route.useParams();
    const { page, conversation } = route.useSearch();
    const { role, organization } = useViewer();
    const isAllowed = role !== "STAFF";
    const [{ data, error }, read] = useQuery({ query: AS_CLIENT, variables: { clientId }, pause: !isAllowed });
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (isAllowed && !data) return <PageSkeleton />;
    if (!data?.client) {
        return <EmptyState icon={IconFolderOff} title={<Trans>This dossier does not exist, or you cannot see it.</Trans>} />;
    }
    const { name, track } = data.client;
    const visible = asClient(data);
    return (
        <article className={classes.page}>
            <header className={classes.banner}>
                <IconEye size={20} stroke={1.7} aria-hidden className={classes.eye} />
                <div className={classes.text}>
                    <Title order={2} fz={15}>
                        <Trans>Preview: what {name} sees</Trans>
                    </Title>
                    <p className={classes.note}>
                        <Trans>You see what is published and shared now. Nothing here can be changed or sent.</Trans>
                    </p>
                </div>
                <Button
                    size="xs"
                    variant="default"
                    leftSection={<IconArrowLeft size={15} aria-hidden />}
                    renderRoot={(props) => <Link to="/dossiers/$clientId" params={{ clientId }} {...props} />}
                >
                    <Trans>Back to the dossier</Trans>
                </Button>
            </header>
            <div className={classes.window}>
                <div className={`${portal.brand} ${classes.brand}`}>
                    <Brand {...brandOf(organization, track)} />
                </div>
                <LinkBar label={t`Pages of the portal`} className={classes.nav}>
                    {navigationOf(track).map(({ to, page: linked, label, icon: Icon }) => (
                        <Link
                            key={to}
                            to="."
                            search={linked ? { page: linked } : {}}
                            replace
                            className={classes.link}
                            data-selected={linked === page}
                            aria-current={linked === page ? "page" : undefined}
                            activeProps={{}}
                        >
                            <Icon size={18} stroke={1.6} aria-hidden />
                            {i18n._(label)}
                        </Link>
                    ))}
                </LinkBar>
                <div className={classes.content}>
                    <PreviewProvider value>
                        <AsClientContent clientId={clientId} track={track} visible={visible} page={page} conversationId={conversation} />
                    </PreviewProvider>
                    {page && !conversation && visible.hasMore[page] && (
                        <p className={classes.end}>
                            <Trans>The preview has only the newest rows.</Trans>
                        </p>
                    )}
                </div>
            </div>
        </article>
    );
}
