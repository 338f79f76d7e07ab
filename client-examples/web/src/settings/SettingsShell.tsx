import { Trans, useLingui } from "@lingui/react/macro";
import { Link, Navigate, Outlet } from "@tanstack/react-router";
import { HubPage, tabClass } from "../hub/HubPage";
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
                    <Link to="/settings" activeOptions={{ exact: true }} className={tabClass}>
                        <Trans>Organization</Trans>
                    </Link>
                    <Link to="/settings/sites" className={tabClass}>
                        <Trans>Sites</Trans>
                    </Link>
                    <Link to="/settings/keys" className={tabClass}>
                        <Trans>API keys</Trans>
                    </Link>
                    <Link to="/settings/audit" className={tabClass}>
                        <Trans>Audit log</Trans>
                    </Link>
                </>
            }
        >
            <Outlet />
        </HubPage>
    );
}
