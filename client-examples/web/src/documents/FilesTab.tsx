import { useLingui } from "@lingui/react/macro";
import { getRouteApi, Link, Outlet, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useQuery } from "urql";
import { useViewer } from "../viewer/ViewerContext";
import classes from "./Files.module.css";
import { ZONES as ZONES_QUERY } from "./queries";
import { seesZone, ZONES } from "./zones";

const route = getRouteApi("/app/hub/dossiers/$clientId");

/** The zones of a dossier with the number of their documents, and the opened one. */
export function FilesTab() {
    const { t, i18n } = useLingui();
    const { role } = useViewer();
    const { clientId } = route.useParams();
    const { zone: opened } = useParams({ strict: false });
    const nav = useRef<HTMLElement>(null);
    // Narrow screens do not show all zones.
    useEffect(() => {
        nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ inline: "center", block: "nearest" });
    }, [opened]);
    const [{ data }] = useQuery({ query: ZONES_QUERY, variables: { clientId } });
    return (
        <>
            <nav ref={nav} className={classes.zones} aria-label={t`Zones`}>
                {ZONES.filter(({ zone }) => seesZone(role, zone)).map(({ zone, slug, label, icon: Icon }) => (
                    <Link
                        key={zone}
                        to="/dossiers/$clientId/files/$zone"
                        params={{ clientId, zone: slug }}
                        search={(search: object) => search}
                        activeOptions={{ includeSearch: false }}
                        className={classes.zone}
                        data-private={zone === "PRIVATE"}
                    >
                        <Icon size={16} stroke={1.6} aria-hidden />
                        {i18n._(label)}
                        <span className={classes.count}>{data?.client?.[zone].totalCount}</span>
                    </Link>
                ))}
            </nav>
            <div className={classes.content}>
                <Outlet />
            </div>
        </>
    );
}
