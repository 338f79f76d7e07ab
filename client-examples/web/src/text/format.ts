import { t } from "@lingui/core/macro";
import { dateFormat, numberFormat, relativeFormat } from "./intl";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Returns a coarse duration since a time, such as “3 h” or “2 d”. */
export function formatAge(time: string, now = Date.now()) {
    const age = Math.max(0, now - Date.parse(time));
    const [value, unit] =
        age < HOUR ? [age / MINUTE, "minute"] : age < DAY ? [age / HOUR, "hour"] : [age / DAY, "day"];
    const format = { style: "unit", unit, unitDisplay: "narrow" } as const;
    const text = numberFormat(format).format(Math.max(1, Math.floor(value as number)));
    return text.replace(/(\d)\s?(\D)/, "$1\u00a0$2");
}

/** Returns a date, such as “12 nov. 2026”. */
export const formatDate = (time: string | Date) => dateFormat({ dateStyle: "medium" }).format(new Date(time));

/** Returns a date with its time of day. */
export const formatDateTime = (time: string | Date) =>
    dateFormat({ dateStyle: "medium", timeStyle: "short" }).format(new Date(time));

/** Returns a day, such as “Thursday 12 Nov 2026”, or “today”. */
export function formatDay(time: string) {
    const date = new Date(time);
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(time).setHours(0, 0, 0, 0)) / DAY);
    if (days < 2) return relativeFormat({ numeric: "auto" }).format(-days, "day");
    return dateFormat({ weekday: "long", day: "numeric", month: "short", year: "numeric" }).format(date);
}

/** Returns a time of day, such as “10:42”. */
export const formatTime = (time: string | Date) => dateFormat({ timeStyle: "short" }).format(new Date(time));

/** Returns a time of day, with its date unless it is today. */
export const formatSince = (time: Date) => (time.toDateString() === new Date().toDateString() ? formatTime(time) : formatDateTime(time));

/** Returns a relative time below 24 hours, and a date above. */
export function formatRecent(time: string, now = Date.now()) {
    const age = now - Date.parse(time);
    if (age >= DAY) return formatDate(time);
    if (age < MINUTE) return t`just now`;
    const relative = relativeFormat({ numeric: "auto", style: "short" });
    return age < HOUR ? relative.format(-Math.floor(age / MINUTE), "minute") : relative.format(-Math.floor(age / HOUR), "hour");
}

/** Returns an amount of money. The string is formatted as it is, because a number would lose digits. */
export const formatMoney = ({ amount, currency }: { amount: string; currency: string }) =>
    numberFormat({ style: "currency", currency }).format(amount as unknown as number);

export function formatBytes(bytes: number) {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 3);
    const format = { style: "unit", unit: units[power], unitDisplay: "short", maximumFractionDigits: 1 } as const;
    return numberFormat(format).format(bytes / 1000 ** power).replace(/(\d)\s(\D)/, "$1\u00a0$2");
}
