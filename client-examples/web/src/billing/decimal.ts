// Amounts are decimal strings. Their sums are computed with integers, because floating-point numbers lose cents.

interface Decimal {
    units: bigint;
    places: number;
}

function parse(text: string): Decimal {
    const [whole, fraction = ""] = text.split(".");
    return { units: BigInt(whole + fraction), places: fraction.length };
}

function print({ units, places }: Decimal) {
    const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
    const text = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
    return units < 0n ? `-${text}` : text;
}

/** Returns the exact sum of decimal strings. */
export function sum(texts: string[]) {
    const decimals = texts.map(parse);
    const places = Math.max(0, ...decimals.map((decimal) => decimal.places));
    const units = decimals.reduce((total, decimal) => total + decimal.units * 10n ** BigInt(places - decimal.places), 0n);
    return print({ units, places });
}

/** Returns a negative number if the first decimal string is smaller, and a positive one if it is larger. */
export function compare(a: string, b: string) {
    const { units } = parse(sum([a, negate(b)]));
    return units === 0n ? 0 : units < 0n ? -1 : 1;
}

const negate = (text: string) => (text.startsWith("-") ? text.slice(1) : `-${text}`);

export const isZero = (text: string) => parse(text).units === 0n;

/**
 * Returns what a person typed as a decimal string, such as `1234.50` for `1 234,50`. Null if it is not a number. A comma
 * is the decimal separator, except in English.
 */
export function readDecimal(typed: string, locale: string) {
    const text = typed.replace(/[\s\u00a0\u202f]/g, "").replace("\u2212", "-");
    const decimal = locale.startsWith("en") ? text.replaceAll(",", "") : text.replace(",", ".");
    return /^-?\d+(\.\d+)?$/.test(decimal) ? decimal : null;
}

/** Returns a decimal string as a person would type it. */
export const writeDecimal = (decimal: string, locale: string) => (locale.startsWith("en") ? decimal : decimal.replace(".", ","));
