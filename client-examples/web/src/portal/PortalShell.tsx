import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Navigate, Link, Outlet } from "@tanstack/react-router";
import { ConnectionIndicator } from "../live/ConnectionIndicator";
import { OfflineBanner } from "../states/OfflineBanner";
import { Brand } from "../theme/Brand";
import { brandOf } from "../theme/brand";
import { LazyUploadTray } from "../uploads/LazyUploadTray";
import { PersonMenu } from "../viewer/PersonMenu";
import { useViewer } from "../viewer/ViewerContext";
import classes from "./PortalShell.module.css";
import type { NAVIGATION } from "./navigation";
import { navigationOf } from "./tracks";

/** The frame of the portal: the agency above, one column, and a bar below on phones. */
export function PortalShell() {
    const { role, organization, client } = useViewer();
    if (role !== "CLIENT" || !client) return <Navigate to="/" replace />;
    return (
        <div className={classes.shell}>
            <a href="#content" className="visually-hidden">
                <Trans>To the content</Trans>
            </a>
            <header className={classes.head}>
                <div className={classes.column}>
                    <Link to="/portal" className={classes.brand}>
                        <Brand {...brandOf(organization, client.track)} />
                    </Link>
                    <ConnectionIndicator />
                    <PersonMenu />
                </div>
            </header>
            <nav className={classes.nav}>
                <div className={classes.column}>
                    {navigationOf(client.track).map((entry) => (
                        <NavigationLink key={entry.to} {...entry} />
                    ))}
                </div>
            </nav>
            <OfflineBanner />
            <main id="content" className={classes.main}>
                <Outlet />
            </main>
            <div className={classes.tray}>
                <LazyUploadTray />
            </div>
        </div>
    );
}

const none = () => 0;

/** A link of the bar, with the number of things that wait. */
function NavigationLink({ to, label, icon: Icon, useCount = none }: (typeof NAVIGATION)[number]) {
    const { i18n } = useLingui();
    const count = useCount();
    return (
        <Link to={to} activeOptions={{ exact: to === "/portal" }} className={classes.link}>
            <Icon size={20} stroke={1.6} aria-hidden />
            {i18n._(label)}
            {count > 0 && (
                <span className={classes.count} aria-label={plural(count, { one: "# waits", other: "# wait" })}>
                    {count}
                </span>
            )}
        </Link>
    );
}
