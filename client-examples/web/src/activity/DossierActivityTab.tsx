import { getRouteApi } from "@tanstack/react-router";
import { ActivityList } from "./ActivityList";
import { KindLinks } from "./KindLinks";
import { typesOf } from "./sentences";

const route = getRouteApi("/app/hub/dossiers/$clientId/activity");

/** The events of a dossier. */
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
