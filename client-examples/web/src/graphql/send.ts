import type { Client, CombinedError } from "@urql/core";
import type { TadaDocumentNode } from "gql.tada";
import { connection } from "../live/connection";
import { proof } from "../proof/proof";
import { SignInRequired } from "../session/session";
import { pending } from "./pending";

export interface Payload {
    userErrors: { message: string; code: string }[];
}

/** The server refused a mutation. The message is the server's. */
export class Refused extends Error {
    constructor(
        message: string,
        readonly code?: string,
        readonly requestId?: string,
    ) {
        super(message);
    }
}

/** How often the server may fail, within half a minute, before the person is asked whether to try again. */
const MAX_FAILURES = 6;

/** Errors after which the same mutation may succeed. */
const TEMPORARY = ["SERVICE_UNAVAILABLE", "OPERATION_TIMEOUT", "TOO_MANY_OPERATIONS"];

/**
 * Sends a mutation, and returns its payload. While the server cannot be reached, it is sent again with the same
 * idempotency key, so that it happens once. If the server needs a recent proof of identity, a dialog asks for it.
 * Throws `Refused` if the server refuses the mutation, `Cancelled` if the person closes the dialog, and `ServerFailed` if
 * the server fails and the person gives up. Pass an `id` to send a mutation with the key of an earlier one. A `signal`
 * ends the repetition, and the mutation may have happened.
 */
export async function send<Name extends string, Result extends Payload, Variables extends object>(
    client: Client,
    document: TadaDocumentNode<{ [name in Name]: Result }, Variables>,
    variables: Variables,
    id: string = crypto.randomUUID(),
    signal?: AbortSignal,
): Promise<Result> {
    const headers = { "Client-Mutation-Id": id, "Idempotency-Key": id };
    const done = pending.add(id);
    let failures = 0;
    try {
        for (let attempt = 0; ; attempt++) {
            const { data, error } = await client.mutation(document, variables, { fetchOptions: { headers, keepalive: true } }).toPromise();
            if (!error) {
                const payload = payloadOf<Result>(data!);
                if (payload) return payload;
                await proof.ask();
                continue;
            }
            const seconds = secondsToWait(error, attempt);
            if (isFailure(error) && ++failures === MAX_FAILURES) {
                await pending.stall(signal);
                failures = attempt = 0;
            } else {
                await wait(seconds, signal);
            }
            signal?.throwIfAborted();
        }
    } finally {
        done();
    }
}

/** Returns the payload, or nothing if the server needs a recent proof of identity first. */
function payloadOf<Result extends Payload>(data: Record<string, Result>) {
    const [payload] = Object.values(data);
    const refusal = payload!.userErrors[0];
    if (refusal?.code === "RECENT_PROOF_REQUIRED") return undefined;
    if (refusal) throw new Refused(refusal.message, refusal.code);
    return payload!;
}

/** Returns the seconds until the next attempt. Throws if another attempt is useless. */
function secondsToWait({ graphQLErrors: [refusal], networkError }: CombinedError, attempt: number) {
    const { retryAfter, code, requestId } = (refusal?.extensions ?? {}) as Record<string, string | undefined>;
    if (retryAfter) return Number(retryAfter);
    if (refusal && !TEMPORARY.includes(code!)) throw new Refused(refusal.message, code, requestId);
    if (networkError instanceof SignInRequired) throw networkError;
    return Math.min(2 ** attempt, 15);
}

/** Whether the server answered, but not as it should. A `TypeError` says that `fetch` has not reached it. */
const isFailure = ({ graphQLErrors, networkError }: CombinedError) =>
    graphQLErrors.length === 0 ? !(networkError instanceof TypeError) : !graphQLErrors[0]!.extensions.retryAfter;

/** Waits, but not longer than until the network or the connection comes back. */
async function wait(seconds: number, signal?: AbortSignal) {
    const wasLive = connection.state.status === "live";
    await new Promise<void>((resolve) => {
        const timer = setTimeout(end, seconds * 1_000);
        const unsubscribe = connection.subscribe(() => !wasLive && connection.state.status === "live" && end());
        addEventListener("online", end);
        signal?.addEventListener("abort", end);
        function end() {
            clearTimeout(timer);
            unsubscribe();
            removeEventListener("online", end);
            signal?.removeEventListener("abort", end);
            resolve();
        }
    });
}
