/** Lets a few tasks run at the same time. The others wait in their order. */
export class Slots {
    #waiting: (() => void)[] = [];

    constructor(private free: number) {}

    async run<Result>(signal: AbortSignal, task: () => Promise<Result>) {
        if (this.free > 0) this.free--;
        else await new Promise<void>((resolve) => this.#waiting.push(resolve));
        try {
            signal.throwIfAborted();
            return await task();
        } finally {
            const next = this.#waiting.shift();
            if (next) next();
            else this.free++;
        }
    }
}
