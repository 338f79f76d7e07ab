import { Trans, useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "urql";
import { DOSSIER_MONEY } from "../billing/queries";
import { PortalTitle } from "../portal/PortalTitle";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { Card } from "../theme/Card";
import { useViewer } from "../viewer/ViewerContext";
import { MyMoney } from "./MyMoney";

/** The quotes and invoices of the client. */
export function MyInvoicesPage() {
    const { t } = useLingui();
    useDocumentTitle(t`Invoices`);
    const clientId = useViewer().client!.id;
    const [{ data, error }, read] = useQuery({ query: DOSSIER_MONEY, variables: { clientId } });
    return (
        <>
            <PortalTitle>
                <Trans>Quotes and invoices</Trans>
            </PortalTitle>
            {error && !data ? (
                <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />
            ) : !data ? (
                <Card>
                    <ListSkeleton rows={4} height={68} />
                </Card>
            ) : (
                <MyMoney quotes={data.quotes.nodes} invoices={data.invoices.nodes} creditNotes={data.creditNotes.nodes} />
            )}
        </>
    );
}
