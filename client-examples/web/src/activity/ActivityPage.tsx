import { useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import { HubPage } from "../hub/HubPage";
import { ActivityList } from "./ActivityList";
import { KindLinks } from "./KindLinks";
import { typesOf } from "./sentences";

const route = getRouteApi("/app/hub/activity");

/** The events of all dossiers. */
export function ActivityPage() {
    const { t } = useLingui();
    useDocumentTitle(t`Activity`);
    const { about } = route.useSearch();
    return (
        <HubPage title={t`Activity`}>
            <KindLinks selected={about} />
            <ActivityList key={about} filter={{ types: typesOf(about) }} />
        </HubPage>
    );
}
