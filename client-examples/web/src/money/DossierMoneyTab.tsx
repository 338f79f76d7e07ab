import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { IconFileInvoice, IconPlus } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useQuery } from "urql";
import { DOSSIER_MONEY } from "../billing/queries";
import { graphql } from "../graphql/graphql";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import classes from "./DossierMoney.module.css";
import { CreditNoteLink, InvoiceLink, QuoteLink } from "./MoneyLink";
import { NewDraftDialog, type DraftKind } from "./NewDraftDialog";
import type { MoneySearch } from "./search";

const DOSSIER_ACTIONS = graphql(`
    query DossierMoneyActions($id: ID!) {
        client(id: $id) { id viewerCan }
    }
`);

const route = getRouteApi("/app/hub/dossiers/$clientId");

const newest = <Row extends { createdAt: string }>(rows: Row[]) => [...rows].sort((a, b) => b.createdAt.localeCompare(a.createdAt));

/** The newest quotes, invoices and credit notes of a dossier. */
export function DossierMoneyTab() {
    const { t } = useLingui();
    const { clientId } = route.useParams();
    const [{ data, error }, read] = useQuery({ query: DOSSIER_MONEY, variables: { clientId } });
    const [{ data: actions }] = useQuery({ query: DOSSIER_ACTIONS, variables: { id: clientId } });
    const [kind, setKind] = useState<DraftKind>();
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <ListSkeleton />;
    const [quotes, invoices, creditNotes] = [data.quotes.nodes, data.invoices.nodes, data.creditNotes.nodes];
    const viewerCan = actions?.client?.viewerCan ?? [];
    const isEmpty = quotes.length + invoices.length + creditNotes.length === 0;
    // The list beside an opened document shows this dossier.
    const search = { client: clientId };
    return (
        <>
            <Group gap={8} mb="md">
                {viewerCan.includes("CREATE_QUOTE") && (
                    <Button size="xs" variant="default" leftSection={<IconPlus size={15} />} onClick={() => setKind("quote")}>
                        <Trans>New quote</Trans>
                    </Button>
                )}
                {viewerCan.includes("CREATE_INVOICE") && (
                    <Button size="xs" variant="default" leftSection={<IconPlus size={15} />} onClick={() => setKind("invoice")}>
                        <Trans>New invoice</Trans>
                    </Button>
                )}
            </Group>
            {isEmpty && <EmptyState icon={IconFileInvoice} title={<Trans>This dossier has no quotes and no invoices.</Trans>} />}
            <Section title={t`Invoices`} more={data.invoices.pageInfo.hasNextPage && { ...search, state: "all" }}>
                {newest(invoices).map((invoice) => (
                    <InvoiceLink key={invoice.id} invoice={invoice} hideClient amount={invoice.total} search={{ ...search, state: "all" }} />
                ))}
            </Section>
            <Section title={t`Quotes`} more={data.quotes.pageInfo.hasNextPage && { ...search, kind: "quotes", state: "all" }}>
                {newest(quotes).map((quote) => (
                    <QuoteLink key={quote.id} quote={quote} hideClient search={{ ...search, kind: "quotes", state: "all" }} />
                ))}
            </Section>
            <Section title={t`Credit notes`} more={data.creditNotes.pageInfo.hasNextPage && { ...search, kind: "creditNotes" }}>
                {newest(creditNotes).map((creditNote) => (
                    <CreditNoteLink key={creditNote.id} creditNote={creditNote} hideClient search={{ ...search, kind: "creditNotes" }} />
                ))}
            </Section>
            {kind && <NewDraftDialog clientId={clientId} kind={kind} onClose={() => setKind(undefined)} />}
        </>
    );
}

interface SectionProps {
    title: string;
    /** The list with all of them, if there are more. */
    more: MoneySearch | false;
    children: ReactNode[];
}

function Section({ title, more, children }: SectionProps) {
    if (children.length === 0) return null;
    return (
        <section className={classes.section}>
            <Text component="h3" fz={13} fw={600} c="dimmed" mb={6}>
                {title} {!more && <span className="figures">{children.length}</span>}
            </Text>
            <div className={classes.rows}>{children}</div>
            {more && (
                <Button size="compact-sm" variant="subtle" mt={6} renderRoot={(props) => <Link to="/money" search={more} {...props} />}>
                    <Trans>Show all</Trans>
                </Button>
            )}
        </section>
    );
}
