// Where the watcher stands, kept in a file so that it can be stopped and started at will.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

export class StoredCursor {
    #value: string | null;

    constructor(private readonly path: string) {
        this.#value = existsSync(path) ? readFileSync(path, "utf8") : null;
    }

    get value(): string | null {
        return this.#value;
    }

    // Written beside and renamed: a crash leaves the old cursor or the new one, never half of one.
    set value(cursor: string | null) {
        this.#value = cursor;
        writeFileSync(`${this.path}.new`, cursor ?? "");
        renameSync(`${this.path}.new`, this.path);
    }
}
