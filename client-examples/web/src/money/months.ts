import { dateFormat } from "../text/intl";

const COUNT = 12;

/** Returns the last twelve months, such as `2026-11`, ending with the month of a day. */
export function lastMonths(today: string) {
    const [year, month] = today.split("-").map(Number) as [number, number];
    return Array.from({ length: COUNT }, (_, index) => new Date(Date.UTC(year, month - COUNT + index, 1)).toISOString().slice(0, 7));
}

/** Returns the name of a month, such as “November 2026”. */
export const formatMonth = (month: string, style: "long" | "short" | "narrow" = "long") =>
    dateFormat({ month: style, year: style === "long" ? "numeric" : undefined, timeZone: "UTC" }).format(
        new Date(`${month}-01`),
    );
