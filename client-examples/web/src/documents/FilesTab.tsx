import { useLingui } from "@lingui/react/macro";
import { IconTrash } from "@tabler/icons-react";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useQuery } from "urql";
import { LinkBar } from "../hub/LinkBar";
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
    const [{ data }] = useQuery({ query: ZONES_QUERY, variables: { clientId } });
    return (
        <>
            <LinkBar label={t`Zones`} className={classes.zones}>
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
                <Link to="/dossiers/$clientId/files/trash" params={{ clientId }} className={classes.zone} aria-label={t`Trash`} title={t`Trash`}>
                    <IconTrash size={16} stroke={1.6} />
                </Link>
            </LinkBar>
            <div className={classes.content}>
                <Outlet />
            </div>
        </>
    );
}
