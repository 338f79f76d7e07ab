// Waits as long as the server asks, then tries again.
import { setTimeout as sleep } from "node:timers/promises";

/** An error of an answer; also of an `error` message over WebSocket. */
export interface ApiError {
    readonly message: string;
    readonly extensions?: { readonly retryAfter?: unknown } | undefined;
}

/** The server refuses for now. */
export class TryLater extends Error {
    /** With the pause that the server asks for, in milliseconds. */
    constructor(
        message: string,
        readonly pause: number,
    ) {
        super(message);
    }
}

const ATTEMPTS = 10;
/** The limits of the API are those of a minute; nothing asks for a longer pause. */
const LONGEST_PAUSE = 60_000;

/** The pause that errors ask for in `extensions.retryAfter`, in milliseconds. */
export function pauseOfErrors(errors: readonly ApiError[] = []): number | undefined {
    const seconds = errors.map(({ extensions }) => Number(extensions?.retryAfter)).filter(Number.isFinite);
    return seconds.length > 0 ? limited(Math.max(...seconds) * 1_000) : undefined;
}

/** The pause that the status and the header `Retry-After` ask for, in milliseconds. A proxy may send a date. */
export function pauseOfResponse({ status, headers }: Response): number | undefined {
    if (status !== 429 && status < 500) return undefined;
    const value = headers.get("Retry-After") ?? "1";
    const pause = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
    return Number.isNaN(pause) ? 1_000 : limited(pause);
}

function limited(pause: number): number {
    return Math.min(Math.max(pause, 0), LONGEST_PAUSE);
}

/** Does something again as long as the server asks to wait, but not without end. */
export async function withRetries<T>(action: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
        try {
            return await action();
        } catch (error) {
            if (!(error instanceof TryLater) || attempt === ATTEMPTS) throw error;
            console.error(`${error.message} Next attempt in ${error.pause / 1_000} s.`);
            await sleep(error.pause);
        }
    }
}
