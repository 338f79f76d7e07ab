import { getRouteApi, Navigate } from "@tanstack/react-router";

const route = getRouteApi("/app/hub/dossiers/$clientId");

/** Leads to the first zone. */
export function ZoneRedirect() {
    const { clientId } = route.useParams();
    return (
        <Navigate
            to="/dossiers/$clientId/files/$zone"
            params={{ clientId, zone: "documents" }}
            search={(search: object) => search}
            replace
        />
    );
}
