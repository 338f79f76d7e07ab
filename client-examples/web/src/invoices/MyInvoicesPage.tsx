import { Trans, useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { IconFileInvoice } from "@tabler/icons-react";
import { useQuery } from "urql";
import { DOSSIER_MONEY } from "../billing/queries";
import { PortalTitle } from "../portal/PortalTitle";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { Card } from "../theme/Card";
import { useViewer } from "../viewer/ViewerContext";
import { MyCreditNoteRow } from "./MyCreditNoteRow";
import { MyInvoiceRow } from "./MyInvoiceRow";
import { MyQuoteRow } from "./MyQuoteRow";

const newest = <Row extends { createdAt: string }>(rows: Row[]) => [...rows].sort((a, b) => b.createdAt.localeCompare(a.createdAt));

/** The quotes and invoices of the client: first what waits for them. */
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

type Lists = {
    quotes: Parameters<typeof MyQuoteRow>[0]["quote"][];
    invoices: Parameters<typeof MyInvoiceRow>[0]["invoice"][];
    creditNotes: Parameters<typeof MyCreditNoteRow>[0]["creditNote"][];
};

function MyMoney({ quotes, invoices, creditNotes }: Lists) {
    const open = quotes.filter(({ status, expired }) => status === "ISSUED" && !expired);
    const unpaid = invoices
        .filter(({ status }) => status === "ISSUED" || status === "PARTIALLY_PAID")
        .sort((a, b) => (a.dueOn ?? "").localeCompare(b.dueOn ?? ""));
    const settled = newest(invoices.filter(({ status }) => status === "PAID"));
    const answered = newest(quotes.filter((quote) => !open.includes(quote)));
    if (quotes.length + invoices.length + creditNotes.length === 0) {
        return (
            <Card>
                <EmptyState icon={IconFileInvoice} title={<Trans>No quotes and no invoices yet.</Trans>} />
            </Card>
        );
    }
    return (
        <>
            {open.length > 0 && (
                <Card title={<Trans>Quotes that wait for your answer</Trans>}>
                    {open.map((quote) => (
                        <MyQuoteRow key={quote.id} quote={quote} />
                    ))}
                </Card>
            )}
            {unpaid.length > 0 && (
                <Card title={<Trans>To be paid</Trans>}>
                    {unpaid.map((invoice) => (
                        <MyInvoiceRow key={invoice.id} invoice={invoice} />
                    ))}
                </Card>
            )}
            {settled.length > 0 && (
                <Card title={<Trans>Settled invoices</Trans>}>
                    {settled.map((invoice) => (
                        <MyInvoiceRow key={invoice.id} invoice={invoice} />
                    ))}
                </Card>
            )}
            {creditNotes.length > 0 && (
                <Card title={<Trans>Credit notes</Trans>}>
                    {newest(creditNotes).map((creditNote) => (
                        <MyCreditNoteRow key={creditNote.id} creditNote={creditNote} />
                    ))}
                </Card>
            )}
            {answered.length > 0 && (
                <Card title={<Trans>Earlier quotes</Trans>}>
                    {answered.map((quote) => (
                        <MyQuoteRow key={quote.id} quote={quote} />
                    ))}
                </Card>
            )}
        </>
    );
}
