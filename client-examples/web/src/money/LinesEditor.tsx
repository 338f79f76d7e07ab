import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useRef } from "react";
import { readDecimal } from "../billing/decimal";
import type { Sheet } from "../billing/queries";
import sheet from "../billing/Sheet.module.css";
import { formatMoney } from "../text/format";
import classes from "./Draft.module.css";
import { emptyLine, isEmpty, type DraftLine } from "./draft";

const FIRST_RATE = "20";

interface Props {
    lines: DraftLine[];
    /** The saved lines, whose amounts the server has computed. */
    saved: Sheet["lines"];
    stale: boolean;
    onChange: (lines: DraftLine[]) => void;
}

/** The lines of a draft, written where they stand on paper. */
export function LinesEditor({ lines, saved, stale, onChange }: Props) {
    const { t, i18n } = useLingui();
    const list = useRef<HTMLDivElement>(null);
    const filled = lines.filter((line) => !isEmpty(line));
    const change = (key: number, changes: Partial<DraftLine>) =>
        onChange(lines.map((line) => (line.key === key ? { ...line, ...changes } : line)));
    const add = () => {
        onChange([...lines, emptyLine(lines.at(-1)?.vatRate ?? FIRST_RATE)]);
        requestAnimationFrame(() => list.current?.querySelector<HTMLElement>("[data-line]:last-child textarea")?.focus());
    };
    return (
        <>
            <div className={`${sheet.row} ${sheet.titles}`} data-editable aria-hidden>
                <span>
                    <Trans>Description</Trans>
                </span>
                <span>
                    <Trans>Quantity</Trans>
                </span>
                <span>
                    <Trans>Unit price</Trans>
                </span>
                <span>
                    <Trans>VAT %</Trans>
                </span>
                <span>
                    <Trans>Amount</Trans>
                </span>
            </div>
            <div ref={list}>
                {lines.map((line, index) => {
                    const number = index + 1;
                    const amount = saved[filled.indexOf(line)]?.netAmount;
                    const decimal = (field: "quantity" | "unitPrice" | "vatRate", label: string) => (
                        <TextInput
                            variant="unstyled"
                            aria-label={label}
                            inputMode="decimal"
                            value={line[field]}
                            error={!isEmpty(line) && line[field] !== "" && readDecimal(line[field], i18n.locale) === null}
                            onChange={(event) => change(line.key, { [field]: event.currentTarget.value })}
                            classNames={{ input: `${classes.input} ${classes.number}` }}
                        />
                    );
                    return (
                        <div key={line.key} className={sheet.row} data-editable data-line role="group" aria-label={t`Line ${number}`}>
                            <Textarea
                                variant="unstyled"
                                aria-label={t`Description`}
                                placeholder={t`What is sold`}
                                autosize
                                minRows={1}
                                maxLength={1000}
                                value={line.description}
                                onChange={(event) => change(line.key, { description: event.currentTarget.value })}
                                classNames={{ input: classes.input }}
                            />
                            {decimal("quantity", t`Quantity`)}
                            {decimal("unitPrice", t`Unit price`)}
                            {decimal("vatRate", t`VAT rate in percent`)}
                            <span className={classes.amount} data-stale={stale}>
                                {amount && formatMoney(amount)}
                            </span>
                            <ActionIcon
                                variant="subtle"
                                color="gray"
                                mt={4}
                                aria-label={t`Remove line ${number}`}
                                onClick={() => onChange(lines.filter(({ key }) => key !== line.key))}
                            >
                                <IconTrash size={16} stroke={1.6} />
                            </ActionIcon>
                        </div>
                    );
                })}
            </div>
            {lines.length < 100 && (
                <Button variant="subtle" size="compact-sm" mt={8} className={classes.add} leftSection={<IconPlus size={15} />} onClick={add}>
                    <Trans>Add a line</Trans>
                </Button>
            )}
        </>
    );
}
