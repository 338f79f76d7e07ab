import { Trans, useLingui } from "@lingui/react/macro";
import { Link, Navigate, Outlet } from "@tanstack/react-router";
import { HubPage } from "../hub/HubPage";
import tabs from "../hub/Tabs.module.css";
import { useViewer } from "../viewer/ViewerContext";

/** The frame of the settings, which only owners see. */
export function SettingsShell() {
    const { t } = useLingui();
    if (useViewer().role !== "OWNER") return <Navigate to="/" replace />;
    return (
        <HubPage
            title={t`Settings`}
            tabs={
                <>
                    <Link to="/settings" activeOptions={{ exact: true }} className={tabs.tab}>
                        <Trans>Organization</Trans>
                    </Link>
                    <Link to="/settings/sites" className={tabs.tab}>
                        <Trans>Sites</Trans>
                    </Link>
                    <Link to="/settings/keys" className={tabs.tab}>
                        <Trans>API keys</Trans>
                    </Link>
                    <Link to="/settings/audit" className={tabs.tab}>
                        <Trans>Audit log</Trans>
                    </Link>
                </>
            }
        >
            <Outlet />
        </HubPage>
    );
}
