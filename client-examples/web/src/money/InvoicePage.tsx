import { Trans, useLingui } from "@lingui/react/macro";
import { IconFileOff } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { useClient, useQuery } from "urql";
import { INVOICE, ISSUE_INVOICE, UPDATE_INVOICE } from "../billing/queries";
import { InvoiceStatus } from "../billing/StatusBadge";
import { send } from "../graphql/send";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { DraftPage } from "./DraftPage";
import { IssuedInvoice } from "./IssuedInvoice";
import type { DraftInput } from "./useDraft";

const route = getRouteApi("/app/hub/money/invoices/$invoiceId");

/** An invoice: its draft to write, or the issued one with its payments. */
export function InvoicePage() {
    const { t } = useLingui();
    const { invoiceId: id } = route.useParams();
    const client = useClient();
    const [{ data, error }, read] = useQuery({ query: INVOICE, variables: { id } });
    const save = useCallback(
        async ({ until, ...input }: DraftInput) => (await send(client, UPDATE_INVOICE, { input: { ...input, id, dueOn: until } })).invoice,
        [client, id],
    );
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    const { invoice, viewer } = data;
    if (!invoice) return <EmptyState icon={IconFileOff} title={<Trans>This invoice does not exist, or you cannot see it.</Trans>} />;
    const seller = viewer?.organization;
    if (!invoice.viewerCan.includes("UPDATE")) return <IssuedInvoice key={id} invoice={invoice} seller={seller} />;
    return (
        <DraftPage
            key={id}
            document={invoice}
            seller={seller}
            kind={<Trans>Invoice</Trans>}
            until={t`Due on`}
            status={<InvoiceStatus invoice={invoice} />}
            canIssue={invoice.viewerCan.includes("ISSUE")}
            question={{
                title: t`Issue the invoice?`,
                text: (
                    <Trans>
                        It gets the next number and today's date, and the client sees it at once. After this, it cannot be changed any
                        more. A mistake is corrected by a credit note.
                    </Trans>
                ),
            }}
            save={save}
            issue={() => send(client, ISSUE_INVOICE, { input: { id } })}
        />
    );
}
