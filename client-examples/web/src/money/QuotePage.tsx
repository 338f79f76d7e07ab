import { Trans, useLingui } from "@lingui/react/macro";
import { IconFileOff } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { useClient, useQuery } from "urql";
import { ISSUE_QUOTE, QUOTE, UPDATE_QUOTE } from "../billing/queries";
import { QuoteStatus } from "../billing/StatusBadge";
import { send } from "../graphql/send";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { DraftPage } from "./DraftPage";
import { IssuedQuote } from "./IssuedQuote";
import type { DraftInput } from "./useDraft";

const route = getRouteApi("/app/hub/money/quotes/$quoteId");

/** A quote: its draft to write, or the issued one with the client's answer. */
export function QuotePage() {
    const { t } = useLingui();
    const { quoteId: id } = route.useParams();
    const client = useClient();
    const [{ data, error }, read] = useQuery({ query: QUOTE, variables: { id } });
    const save = useCallback(
        async ({ until, ...input }: DraftInput) => (await send(client, UPDATE_QUOTE, { input: { ...input, id, validUntil: until } })).quote,
        [client, id],
    );
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    const { quote, viewer } = data;
    if (!quote) return <EmptyState icon={IconFileOff} title={<Trans>This quote does not exist, or you cannot see it.</Trans>} />;
    const seller = viewer?.organization;
    if (!quote.viewerCan.includes("UPDATE")) return <IssuedQuote key={id} quote={quote} seller={seller} />;
    return (
        <DraftPage
            key={id}
            document={quote}
            seller={seller}
            kind={<Trans>Quote</Trans>}
            until={t`Valid until`}
            status={<QuoteStatus quote={quote} />}
            canIssue={quote.viewerCan.includes("ISSUE")}
            question={{
                title: t`Issue the quote?`,
                text: (
                    <Trans>
                        It gets the next number and today's date, and the client can accept or refuse it at once. After this, it cannot be
                        changed any more.
                    </Trans>
                ),
            }}
            save={save}
            issue={() => send(client, ISSUE_QUOTE, { input: { id } })}
        />
    );
}
