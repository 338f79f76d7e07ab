import { useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { useConversations } from "../conversations/useConversations";
import { isUnread } from "../conversations/readMarkers";
import { MY_DOCUMENTS } from "../documents/queries";
import { sortDocuments } from "../documents/sortDocuments";
import { usePages } from "../graphql/usePages";
import { useWaitingMoney } from "../invoices/useWaitingMoney";
import { useDossierRequests } from "../requests/useDossierRequests";
import { ErrorState } from "../states/ErrorState";
import { useViewer } from "../viewer/ViewerContext";
import { Home } from "./Home";
import { OneActions } from "./OneActions";

/** The home page of the client. */
export function HomePage() {
    const { t } = useLingui();
    useDocumentTitle(t`Home`);
    const { displayName, client } = useViewer();
    const clientId = client!.id;
    const { requests, ...work } = useDossierRequests(clientId);
    const { rows: documents, ...files } = usePages(MY_DOCUMENTS, { clientId });
    const { money, ...bills } = useWaitingMoney(clientId);
    const { conversations, ...talks } = useConversations();
    const lists = documents &&
        requests &&
        conversations &&
        money && {
            documents: sortDocuments(documents, "UPDATED_AT_DESC"),
            requests,
            conversations,
            unread: conversations.filter(isUnread),
            ...money,
        };
    const failed = [work, files, bills, talks].find(({ error }) => error);
    if (failed?.error && !lists) return <ErrorState error={failed.error} onRetry={failed.retry} />;
    return <Home firstName={displayName.split(" ")[0]} track={client!.track} lists={lists} actions={<OneActions />} />;
}
