import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { Seller, Sheet } from "../billing/queries";
import { DeleteDraftButton } from "./DeleteDraftButton";
import { DocumentBar } from "./DocumentBar";
import { DraftSheet } from "./DraftSheet";
import { IssueDialog } from "./IssueDialog";
import classes from "./Document.module.css";
import { useDraft, type DraftInput, type SaveState } from "./useDraft";

interface Props<Document> {
    document: Document;
    seller: Seller | null | undefined;
    kind: ReactNode;
    /** The label of the last day to pay or to accept, if it has one. */
    until?: string;
    /** The number of the invoice that it corrects. */
    invoiceNumber?: string | null | undefined;
    status: ReactNode;
    canIssue: boolean;
    /** The title and the text of the question before it is issued. */
    question: { title: string; text: ReactNode };
    save: (input: DraftInput) => Promise<Document | null>;
    issue: () => Promise<unknown>;
    /** What stands below the sheet. */
    children?: ReactNode;
}

/** A draft of a quote, an invoice or a credit note. */
export function DraftPage<Document extends Sheet>(props: Props<Document>) {
    const { document, seller, kind, until, invoiceNumber, status, canIssue, question, save, issue, children } = props;
    const { draft, state, change, flush, reset, discard } = useDraft(document, save);
    const [opened, dialog] = useDisclosure();
    const ask = async () => {
        if (await flush()) dialog.open();
    };
    return (
        <>
            <DocumentBar client={document.client} status={status} note={<SaveNote state={state} current={document.revision} onReset={reset} />}>
                {document.viewerCan.some((action) => action === "DELETE") && (
                    <DeleteDraftButton id={document.id} revision={document.revision} onDeleted={discard} />
                )}
                <Button size="xs" disabled={!canIssue && state.status === "saved"} onClick={() => void ask()}>
                    <Trans>Issue</Trans>
                </Button>
            </DocumentBar>
            <div className={classes.desk}>
                <DraftSheet
                    document={document}
                    seller={seller}
                    kind={kind}
                    until={until}
                    invoiceNumber={invoiceNumber}
                    draft={draft}
                    stale={state.status !== "saved"}
                    onChange={change}
                />
                {children}
            </div>
            <IssueDialog opened={opened} onClose={dialog.close} title={question.title} issue={issue}>
                {question.text}
            </IssueDialog>
        </>
    );
}

/** Whether the draft is saved, and why not. */
function SaveNote({ state, current, onReset }: { state: SaveState; current: number; onReset: () => void }) {
    const { t } = useLingui();
    if (state.status === "refused") {
        return (
            <Text span fz={12} c="var(--overdue)" role="alert">
                {state.message}{" "}
                {/* A conflict may also be about an amount, without another version. */}
                {state.conflict && current > state.revision && (
                    <Button size="compact-xs" variant="default" onClick={onReset}>
                        <Trans>Show the other version</Trans>
                    </Button>
                )}
            </Text>
        );
    }
    const labels = { saved: t`Saved`, unsaved: t`Not saved yet`, saving: t`Saving…`, incomplete: t`Not saved: something is missing` };
    return (
        <Text span fz={12} c="dimmed" role="status">
            {labels[state.status]}
        </Text>
    );
}
