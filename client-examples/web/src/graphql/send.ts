import type { Client, CombinedError } from "@urql/core";
import type { TadaDocumentNode } from "gql.tada";
import { proof } from "../proof/proof";
import { SignInRequired } from "../session/session";
import { outbox } from "./outbox";

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

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

/**
 * Sends a mutation, and returns its payload. While the server cannot be reached, it is sent again with the same
 * idempotency key, so that it happens once. If the server needs a recent proof of identity, a dialog asks for it.
 * Throws `Refused` if the server refuses the mutation, and `Cancelled` if the person closes the dialog. Pass an `id` to
 * send a mutation with the key of an earlier one.
 */
export async function send<Name extends string, Result extends Payload, Variables extends object>(
    client: Client,
    document: TadaDocumentNode<{ [name in Name]: Result }, Variables>,
    variables: Variables,
    id: string = crypto.randomUUID(),
): Promise<Result> {
    const headers = { "Client-Mutation-Id": id, "Idempotency-Key": id };
    const done = outbox.add(id);
    try {
        for (let attempt = 0; ; attempt++) {
            const { data, error } = await client.mutation(document, variables, { fetchOptions: { headers, keepalive: true } }).toPromise();
            if (error) {
                await sleep(secondsToWait(error, attempt));
                continue;
            }
            const [payload] = Object.values<Result>(data!);
            const refusal = payload!.userErrors[0];
            if (refusal?.code === "RECENT_PROOF_REQUIRED") {
                await proof.ask();
                continue;
            }
            if (refusal) throw new Refused(refusal.message, refusal.code);
            return payload!;
        }
    } finally {
        done();
    }
}

/** Returns the seconds until the next attempt. Throws if another attempt is useless. */
function secondsToWait(error: CombinedError, attempt: number) {
    const [refusal] = error.graphQLErrors;
    if (refusal) {
        const { retryAfter, code, requestId } = refusal.extensions as Record<string, string | undefined>;
        if (retryAfter) return Number(retryAfter);
        throw new Refused(refusal.message, code, requestId);
    }
    if (error.networkError instanceof SignInRequired) throw error.networkError;
    return Math.min(2 ** attempt, 15);
}
