import { getRouteApi } from "@tanstack/react-router";
import { ActivityList } from "./ActivityList";
import { KindLinks } from "./KindLinks";
import { typesOf } from "./sentences";

const route = getRouteApi("/app/hub/dossiers/$clientId/activity");

/** What has happened in a dossier. */
export function DossierActivityTab() {
    const { clientId } = route.useParams();
    const { about } = route.useSearch();
    return (
        <>
            <KindLinks selected={about} />
            <ActivityList key={`${clientId} ${about}`} filter={{ clientId, types: typesOf(about) }} />
        </>
    );
}
