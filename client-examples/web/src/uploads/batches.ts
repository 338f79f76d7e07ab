import type { Client } from "urql";
import type { ResultOf, VariablesOf } from "../graphql/graphql";
import { Refused, send, type Payload } from "../graphql/send";
import { COMPLETE_UPLOAD, COMPLETE_UPLOADS, REQUEST_UPLOAD, REQUEST_UPLOADS } from "./queries";

type Request = VariablesOf<typeof REQUEST_UPLOAD>["input"];
type Completion = VariablesOf<typeof COMPLETE_UPLOAD>["input"];

/** The most uploads that the server accepts in one mutation. */
export const MAX_BATCH = 50;

/** How long further calls may follow the last one, in milliseconds, and how long the first one waits at most. */
const QUIET = 100;
const PATIENCE = 1_000;

interface Waiting<Input, Result> {
    input: Input;
    id: string;
    resolve: (result: Result) => void;
    reject: (cause: unknown) => void;
}

/** Collects the calls of several files, and sends them together. Each call gets a result of its own. */
class Batch<Input, Result extends Payload> {
    #waiting: Waiting<Input, Result>[] = [];
    #timer: ReturnType<typeof setTimeout> | undefined;
    #since = 0;

    constructor(
        readonly sendOne: (input: Input, id: string) => Promise<Result>,
        readonly sendAll: (inputs: Input[]) => Promise<Result[]>,
    ) {}

    /** Sends an input, alone or with others. `id` is its idempotency key if it is sent alone. */
    add(input: Input, id: string = crypto.randomUUID()) {
        return new Promise<Result>((resolve, reject) => {
            if (this.#waiting.length === 0) this.#since = Date.now();
            this.#waiting.push({ input, id, resolve, reject });
            clearTimeout(this.#timer);
            if (this.#waiting.length === MAX_BATCH) void this.#flush();
            else this.#timer = setTimeout(() => void this.#flush(), Math.min(QUIET, Math.max(0, this.#since + PATIENCE - Date.now())));
        });
    }

    async #flush() {
        const batch = this.#waiting;
        this.#waiting = [];
        const [first] = batch;
        try {
            const results = batch.length === 1 ? [await this.sendOne(first!.input, first!.id)] : await this.sendAll(batch.map(({ input }) => input));
            for (const [index, { resolve, reject }] of batch.entries()) {
                const [refusal] = results[index]!.userErrors;
                if (refusal) reject(new Refused(refusal.message, refusal.code));
                else resolve(results[index]!);
            }
        } catch (cause) {
            for (const { reject } of batch) reject(cause);
        }
    }
}

function createBatches(client: Client) {
    type Requested = ResultOf<typeof REQUEST_UPLOAD>["requestUpload"];
    type Completed = ResultOf<typeof COMPLETE_UPLOAD>["completeUpload"];
    return {
        requests: new Batch<Request, Requested>(
            (input, id) => send(client, REQUEST_UPLOAD, { input }, id),
            async (uploads) => (await send(client, REQUEST_UPLOADS, { input: { uploads } })).results,
        ),
        completions: new Batch<Completion, Completed>(
            (input, id) => send(client, COMPLETE_UPLOAD, { input }, id),
            async (uploads) => (await send(client, COMPLETE_UPLOADS, { input: { uploads } })).results,
        ),
    };
}

const batches = new WeakMap<Client, ReturnType<typeof createBatches>>();

/** Returns the batches of a client. */
export function batchesOf(client: Client) {
    if (!batches.has(client)) batches.set(client, createBatches(client));
    return batches.get(client)!;
}
