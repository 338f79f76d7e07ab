import { Trans, useLingui } from "@lingui/react/macro";
import { Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Invoice, Quote, Seller } from "../billing/queries";
import sheet from "../billing/Sheet.module.css";
import { SheetPage } from "../billing/SheetPage";
import { Totals } from "../billing/Totals";
import classes from "./Draft.module.css";
import type { Draft } from "./draft";
import { LinesEditor } from "./LinesEditor";

interface Props {
    document: Quote | Invoice;
    seller: Seller | null | undefined;
    kind: ReactNode;
    /** The label of the last day to pay or to accept. */
    until: string;
    draft: Draft;
    stale: boolean;
    onChange: (changes: Partial<Draft>) => void;
}

/** A draft, written on the sheet on which it will be issued. */
export function DraftSheet({ document, seller, kind, until, draft, stale, onChange }: Props) {
    const { t } = useLingui();
    return (
        <SheetPage
            isDraft
            kind={kind}
            sheet={document}
            seller={seller}
            dates={[
                [<Trans>Issued on</Trans>, <span className={classes.hint}><Trans>day of issue</Trans></span>],
                [
                    until,
                    <>
                        <TextInput
                            type="date"
                            variant="unstyled"
                            aria-label={until}
                            value={draft.until}
                            onChange={(event) => onChange({ until: event.currentTarget.value })}
                            classNames={{ input: `${classes.input} ${classes.number} ${classes.day}` }}
                        />
                        {!draft.until && (
                            <span className={classes.hint}>
                                <Trans>30 days after issue</Trans>
                            </span>
                        )}
                    </>,
                ],
            ]}
            title={
                <TextInput
                    variant="unstyled"
                    aria-label={t`Title`}
                    placeholder={t`Title`}
                    maxLength={200}
                    mb={10}
                    value={draft.title}
                    error={!draft.title.trim()}
                    onChange={(event) => onChange({ title: event.currentTarget.value })}
                    classNames={{ input: `${classes.input} ${classes.title}` }}
                />
            }
        >
            <LinesEditor lines={draft.lines} saved={document.lines} stale={stale} onChange={(lines) => onChange({ lines })} />
            <Totals sheet={document} stale={stale} />
            <Textarea
                variant="unstyled"
                aria-label={t`Note below the lines`}
                placeholder={t`Note below the lines (optional)`}
                autosize
                minRows={2}
                maxLength={10_000}
                className={sheet.note}
                value={draft.note}
                onChange={(event) => onChange({ note: event.currentTarget.value })}
                classNames={{ input: classes.input }}
            />
        </SheetPage>
    );
}
