import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useClient } from "urql";
import { AnswerDialog } from "../billing/AnswerDialog";
import { CONVERT_QUOTE, type Quote, type Seller } from "../billing/queries";
import { QuoteSheet } from "../billing/QuoteSheet";
import { QuoteStatus } from "../billing/StatusBadge";
import { send } from "../graphql/send";
import { notifyFailure } from "../states/notify";
import { Time } from "../text/Time";
import classes from "./Document.module.css";
import { DocumentBar } from "./DocumentBar";

/** An issued quote with the client's answer, which the agency may also record. */
export function IssuedQuote({ quote, seller }: { quote: Quote; seller: Seller | null | undefined }) {
    const { t } = useLingui();
    const client = useClient();
    const navigate = useNavigate();
    const [answer, setAnswer] = useState<"ACCEPT" | "REFUSE">();
    const [busy, setBusy] = useState(false);
    const { id, status, viewerCan, invoice, decidedAt, refusalReason } = quote;
    const convert = async () => {
        setBusy(true);
        try {
            const created = (await send(client, CONVERT_QUOTE, { input: { id } })).invoice;
            if (created) await navigate({ to: "/money/invoices/$invoiceId", params: { invoiceId: created.id } });
        } catch (cause) {
            notifyFailure(t`No invoice was created`, cause);
        }
        setBusy(false);
    };
    return (
        <>
            <DocumentBar client={quote.client} status={<QuoteStatus quote={quote} />}>
                {viewerCan.includes("REFUSE") && (
                    <Button size="xs" variant="default" onClick={() => setAnswer("REFUSE")}>
                        <Trans>Client refuses</Trans>
                    </Button>
                )}
                {viewerCan.includes("ACCEPT") && (
                    <Button size="xs" variant="default" onClick={() => setAnswer("ACCEPT")}>
                        <Trans>Client accepts</Trans>
                    </Button>
                )}
                {viewerCan.includes("CONVERT_TO_INVOICE") && (
                    <Button size="xs" loading={busy} onClick={() => void convert()}>
                        <Trans>Create the invoice</Trans>
                    </Button>
                )}
            </DocumentBar>
            <div className={classes.desk}>
                {decidedAt && (
                    <div className={classes.answer}>
                        <strong>{status === "ACCEPTED" ? <Trans>Accepted</Trans> : <Trans>Refused</Trans>}</strong> · <Time value={decidedAt} />
                        {refusalReason && `\n${refusalReason}`}
                    </div>
                )}
                <QuoteSheet quote={quote} seller={seller} />
                {invoice && (
                    <section className={classes.beside}>
                        <div className={classes.entries}>
                            <Link to="/money/invoices/$invoiceId" params={{ invoiceId: invoice.id }} search={(search: object) => search} className={classes.entry}>
                                {invoice.number ? <Trans>Invoice {invoice.number}</Trans> : <Trans>Draft of the invoice</Trans>}
                            </Link>
                        </div>
                    </section>
                )}
            </div>
            {answer && <AnswerDialog quote={quote} answer={answer} forClient onClose={() => setAnswer(undefined)} />}
        </>
    );
}
