import type { Client, SubscribePayload } from "graphql-ws";
import type { ExecutionResult } from "@urql/core";

interface Sink {
    next(result: ExecutionResult): void;
    error(cause: unknown): void;
    complete(): void;
}

type Delivered = Record<string, { cursor?: string } | undefined>;

/** Subscribes, and continues after the last cursor whenever the subscription was interrupted. */
export function subscribe(
    client: Client,
    { query, variables }: { query: string; variables?: unknown },
    sink: Sink,
) {
    // graphql-ws reads these variables whenever it subscribes.
    const payload: SubscribePayload = { query, variables: { ...(variables as object) } };
    let stop: () => void;
    let timer: ReturnType<typeof setTimeout>;
    let stopped = false;
    const again = (seconds: number) => (timer = setTimeout(start, seconds * 1_000));
    const start = () => {
        stop = client.subscribe<Delivered>(payload, {
            next(result) {
                const cursor = Object.values(result.data ?? {})[0]?.cursor;
                if (cursor) payload.variables!.after = cursor;
                sink.next(result as ExecutionResult);
            },
            error(cause) {
                const [refusal] = Array.isArray(cause) ? cause : [];
                const seconds = refusal?.extensions?.retryAfter as number | undefined;
                if (seconds === undefined) sink.error(cause);
                else again(seconds);
            },
            complete: () => (stopped ? sink.complete() : again(1)),
        });
    };
    start();
    return () => {
        stopped = true;
        clearTimeout(timer);
        stop();
    };
}
