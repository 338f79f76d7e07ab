import { Trans } from "@lingui/react/macro";
import { Navigate, Outlet } from "@tanstack/react-router";
import { ConnectionIndicator } from "../live/ConnectionIndicator";
import { HubShortcuts } from "../shortcuts/HelpContext";
import { OfflineBanner } from "../states/OfflineBanner";
import { Brand } from "../theme/Brand";
import { brandOf } from "../theme/brand";
import { LazyUploadTray } from "../uploads/LazyUploadTray";
import { PersonMenu } from "../viewer/PersonMenu";
import { useViewer } from "../viewer/ViewerContext";
import classes from "./HubShell.module.css";
import { navigationOf } from "./navigation";
import { NavigationLink } from "./NavigationLink";

/** The frame of the hub: a narrow bar, and the page. */
export function HubShell() {
    const { role, organization } = useViewer();
    if (role === "CLIENT") return <Navigate to="/portal" replace />;
    const entries = navigationOf(role);
    return (
        <HubShortcuts seesMoney={entries.some(({ to }) => to === "/money")}>
            <div className={classes.shell}>
                <a href="#content" className={classes.skip}>
                    <Trans>To the content</Trans>
                </a>
                <header className={classes.bar}>
                    <div className={classes.brand}>
                        <Brand {...brandOf(organization)} />
                    </div>
                    <nav className={classes.links}>
                        {entries.map((entry) => (
                            <NavigationLink key={entry.to} {...entry} />
                        ))}
                    </nav>
                    <div className={classes.foot}>
                        <ConnectionIndicator />
                        <PersonMenu />
                    </div>
                </header>
                <main id="content" className={classes.main}>
                    <OfflineBanner />
                    <div className={classes.page}>
                        <Outlet />
                    </div>
                    <LazyUploadTray />
                </main>
            </div>
        </HubShortcuts>
    );
}
