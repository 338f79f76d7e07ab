import { makeOperation, type CombinedError, type Exchange, type Operation } from "@urql/core";
import { filter, makeSubject, merge, pipe, share, tap } from "wonka";

/** Repeats reads that exceeded a rate limit after the time that the server names. Their pages keep on loading. */
export const waitExchange: Exchange =
    ({ forward }) =>
    (operations) => {
        const timers = new Map<number, ReturnType<typeof setTimeout>>();
        const repeated = makeSubject<Operation>();
        const cancel = ({ key }: Operation) => {
            clearTimeout(timers.get(key));
            timers.delete(key);
        };
        return pipe(
            merge([pipe(operations, tap(cancel)), repeated.source]),
            forward,
            filter(({ operation, error }) => {
                const seconds = operation.kind === "query" && error && secondsToWait(error);
                if (!seconds) return true;
                const repeat = () => repeated.next(makeOperation(operation.kind, operation));
                timers.set(operation.key, setTimeout(repeat, seconds * 1_000));
                return false;
            }),
            share,
        );
    };

/** Returns the seconds until the limit allows the next operation, if a limit was exceeded. */
function secondsToWait({ graphQLErrors }: CombinedError) {
    const limited = graphQLErrors.find(({ extensions }) => extensions.code === "RATE_LIMITED");
    return limited && Number(limited.extensions.retryAfter);
}
