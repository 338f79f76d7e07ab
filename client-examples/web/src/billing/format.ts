import { dateFormat, numberFormat } from "../text/intl";

// The numbers are formatted as strings, because a JavaScript number would lose digits.
const format = (decimal: string, options?: Intl.NumberFormatOptions) =>
    numberFormat(options).format(decimal as unknown as number);

/** Returns a quantity, such as “3,5”. */
export const formatQuantity = (quantity: string) => format(quantity, { maximumFractionDigits: 3 });

/** Returns a rate, such as “5,5 %”. */
export const formatRate = (rate: string) => format(rate, { style: "unit", unit: "percent", maximumFractionDigits: 2 });

/** Returns a day, such as “12 nov. 2026”. A day has no time zone. */
export const formatDay = (day: string) =>
    dateFormat({ dateStyle: "medium", timeZone: "UTC" }).format(new Date(day)).replaceAll(" ", "\u00a0");

/** Returns the day in a time zone, such as `2026-11-30`. */
export const dayIn = (timeZone: string, time = new Date()) =>
    dateFormat({ timeZone, dateStyle: "short" }, "sv-SE").format(time);
