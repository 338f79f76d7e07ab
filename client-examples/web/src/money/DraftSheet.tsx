import { Trans, useLingui } from "@lingui/react/macro";
import { Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Seller, Sheet } from "../billing/queries";
import sheet from "../billing/Sheet.module.css";
import { SheetPage } from "../billing/SheetPage";
import { Totals } from "../billing/Totals";
import classes from "./Draft.module.css";
import type { Draft } from "./draft";
import { LinesEditor } from "./LinesEditor";

interface Props {
    document: Sheet;
    seller: Seller | null | undefined;
    kind: ReactNode;
    /** The label of the last day to pay or to accept, if it has one. */
    until: string | undefined;
    /** The number of the invoice that it corrects. */
    invoiceNumber: string | null | undefined;
    draft: Draft;
    stale: boolean;
    onChange: (changes: Partial<Draft>) => void;
}

/** A draft, written on the sheet on which it will be issued. */
export function DraftSheet({ document, seller, kind, until, invoiceNumber, draft, stale, onChange }: Props) {
    const { t } = useLingui();
    const dates: [label: ReactNode, day: ReactNode][] = [[<Trans>Issued on</Trans>, <span className={classes.hint}><Trans>day of issue</Trans></span>]];
    if (until) dates.push([until, <UntilField label={until} value={draft.until} onChange={(day) => onChange({ until: day })} />]);
    if (invoiceNumber) dates.push([<Trans>For invoice</Trans>, invoiceNumber]);
    return (
        <SheetPage
            isDraft
            kind={kind}
            sheet={document}
            seller={seller}
            dates={dates}
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

interface UntilProps {
    label: string;
    value: string;
    onChange: (day: string) => void;
}

/** The last day to pay or to accept. */
const UntilField = ({ label, value, onChange }: UntilProps) => (
    <>
        <TextInput
            type="date"
            variant="unstyled"
            aria-label={label}
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
            classNames={{ input: `${classes.input} ${classes.number} ${classes.day}` }}
        />
        {!value && (
            <span className={classes.hint}>
                <Trans>30 days after issue</Trans>
            </span>
        )}
    </>
);
