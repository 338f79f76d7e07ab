import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea, TextInput } from "@mantine/core";
import { IconFileOff } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useClient, useQuery } from "urql";
import { CREATE_CREDIT_NOTE, INVOICE, type Invoice, type Seller } from "../billing/queries";
import sheet from "../billing/Sheet.module.css";
import { SheetPage } from "../billing/SheetPage";
import { InvoiceStatus } from "../billing/StatusBadge";
import { useAction } from "../billing/useAction";
import { send } from "../graphql/send";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { formatMoney } from "../text/format";
import draft from "./Draft.module.css";
import { linesOf, readLines } from "./draft";
import { DocumentBar } from "./DocumentBar";
import classes from "./Document.module.css";
import { LinesEditor } from "./LinesEditor";

const route = getRouteApi("/app/hub/money/invoices/$invoiceId/credit");

/** Writes a credit note for an invoice. */
export function NewCreditNotePage() {
    const { invoiceId: id } = route.useParams();
    const [{ data, error }, read] = useQuery({ query: INVOICE, variables: { id } });
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    if (!data.invoice) return <EmptyState icon={IconFileOff} title={<Trans>This invoice does not exist, or you cannot see it.</Trans>} />;
    return <NewCreditNote key={id} invoice={data.invoice} seller={data.viewer?.organization} />;
}

/** Begins with all lines of the invoice. The server computes the amounts when the draft is created. */
function NewCreditNote({ invoice, seller }: { invoice: Invoice; seller: Seller | null | undefined }) {
    const { t, i18n } = useLingui();
    const client = useClient();
    const navigate = useNavigate();
    const [title, setTitle] = useState(invoice.title);
    const [note, setNote] = useState("");
    const [lines, setLines] = useState(() => linesOf(invoice, i18n.locale));
    const read = readLines(lines, i18n.locale);
    const create = async () => {
        const input = { invoiceId: invoice.id, title: title.trim(), note: note.trim() || null, lines: read };
        const { creditNote } = await send(client, CREATE_CREDIT_NOTE, { input });
        await navigate({
            to: "/money/credit-notes/$creditNoteId",
            params: { creditNoteId: creditNote!.id },
            search: (search: object) => search,
            replace: true,
        });
    };
    const { run, busy, error } = useAction(create, () => {});
    return (
        <>
            <DocumentBar client={invoice.client} status={<InvoiceStatus invoice={invoice} />} note={error && <ErrorNote>{error}</ErrorNote>}>
                <Button size="xs" loading={busy} disabled={!read?.length || !title.trim()} onClick={run}>
                    <Trans>Create the credit note</Trans>
                </Button>
            </DocumentBar>
            <div className={classes.desk}>
                <p className={classes.answer}>
                    <Trans>
                        Keep what is credited, at most {formatMoney(invoice.amountDue)}. The draft shows the totals, and can still be
                        changed.
                    </Trans>
                </p>
                <SheetPage
                    isDraft
                    kind={<Trans>Credit note</Trans>}
                    sheet={{ ...invoice, number: null }}
                    seller={seller}
                    dates={[[<Trans>For invoice</Trans>, invoice.number]]}
                    title={
                        <TextInput
                            variant="unstyled"
                            aria-label={t`Title`}
                            maxLength={200}
                            mb={10}
                            value={title}
                            error={!title.trim()}
                            onChange={(event) => setTitle(event.currentTarget.value)}
                            classNames={{ input: `${draft.input} ${draft.title}` }}
                        />
                    }
                >
                    <LinesEditor lines={lines} saved={[]} stale onChange={setLines} />
                    <Textarea
                        variant="unstyled"
                        aria-label={t`Reason, printed below the lines`}
                        placeholder={t`Reason, printed below the lines (optional)`}
                        autosize
                        minRows={2}
                        maxLength={10_000}
                        className={sheet.note}
                        value={note}
                        onChange={(event) => setNote(event.currentTarget.value)}
                        classNames={{ input: draft.input }}
                    />
                </SheetPage>
            </div>
        </>
    );
}

const ErrorNote = ({ children }: { children: string }) => (
    <span style={{ color: "var(--overdue)", fontSize: 12 }} role="alert">
        {children}
    </span>
);
