import { plural } from "@lingui/core/macro";
import type { RequestRow } from "./queries";

/** Describes the versions of a request in a word: “v2” or “3 files”. */
export function describeVersions(versions: RequestRow["documentVersions"]) {
    const [version] = versions;
    return version && versions.length === 1 ? `v${version.number}` : plural(versions.length, { one: "# file", other: "# files" });
}
