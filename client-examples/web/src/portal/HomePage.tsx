import { useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { useConversations } from "../conversations/useConversations";
import { useIsUnread } from "../conversations/useSeen";
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
    const { requests, error, retry } = useDossierRequests(clientId);
    const { rows: documents } = usePages(MY_DOCUMENTS, { clientId });
    const money = useWaitingMoney(clientId);
    const { conversations } = useConversations();
    const isUnread = useIsUnread();
    if (error && !requests) return <ErrorState error={error} onRetry={retry} />;
    const lists = {
        documents: documents && sortDocuments(documents, "UPDATED_AT_DESC"),
        requests,
        conversations,
        unread: conversations?.filter(isUnread) ?? [],
        quotes: money?.quotes,
        invoices: money?.invoices,
    };
    return <Home firstName={displayName.split(" ")[0]} track={client!.track} lists={lists} actions={<OneActions />} />;
}
