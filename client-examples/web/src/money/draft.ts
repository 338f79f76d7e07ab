import { readDecimal, writeDecimal } from "../billing/decimal";
import type { Sheet } from "../billing/queries";

/** A line as it is typed. */
export interface DraftLine {
    key: number;
    description: string;
    quantity: string;
    unitPrice: string;
    vatRate: string;
}

/** The editable content of a draft. */
export interface Draft {
    title: string;
    /** The last day to pay or to accept. Empty for 30 days after the day of issue. A credit note has none. */
    until: string;
    note: string;
    lines: DraftLine[];
}

let lastKey = 0;

/** Returns an empty line, with the VAT rate of the line before. */
export const emptyLine = (vatRate: string): DraftLine => ({ key: ++lastKey, description: "", quantity: "1", unitPrice: "", vatRate });

export const isEmpty = ({ description, unitPrice }: DraftLine) => !description.trim() && !unitPrice.trim();

export const linesOf = ({ lines }: Pick<Sheet, "lines">, locale: string): DraftLine[] =>
    lines.map(({ description, quantity, unitPrice, vatRate }) => ({
        key: ++lastKey,
        description,
        quantity: writeDecimal(quantity, locale),
        unitPrice: writeDecimal(unitPrice.amount, locale),
        vatRate: writeDecimal(vatRate, locale),
    }));

function untilOf(document: Sheet) {
    if ("validUntil" in document) return document.validUntil;
    return "dueOn" in document ? document.dueOn : null;
}

export const draftOf = (document: Sheet, locale: string): Draft => ({
    title: document.title,
    until: untilOf(document) ?? "",
    note: document.note ?? "",
    lines: linesOf(document, locale),
});

/** Returns the lines for the server without empty ones. Null while one of them is incomplete. */
export function readLines(lines: DraftLine[], locale: string) {
    const filled = lines.filter((line) => !isEmpty(line));
    const read = filled.map(({ description, quantity, unitPrice, vatRate }) => ({
        description: description.trim(),
        quantity: readDecimal(quantity, locale),
        unitPrice: readDecimal(unitPrice, locale),
        vatRate: readDecimal(vatRate, locale),
    }));
    const isComplete = (line: (typeof read)[number]): line is { [key in keyof typeof line]: string } =>
        Boolean(line.description) && line.quantity !== null && line.unitPrice !== null && line.vatRate !== null;
    return read.every(isComplete) ? read : null;
}
