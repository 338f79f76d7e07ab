import type { ResultOf, VariablesOf } from "../graphql/graphql";
import type { REQUEST_UPLOAD, UPLOADED_VERSION } from "./queries";

/** A new document, or a new version of a document. */
export type UploadTarget = NonNullable<VariablesOf<typeof REQUEST_UPLOAD>["input"]["target"]>;

type Version = Extract<NonNullable<ResultOf<typeof UPLOADED_VERSION>["node"]>, { __typename: "DocumentVersion" }>;

/** The server's reasons, and those that only the browser knows. */
export type UploadFailure = NonNullable<Version["failureReason"]> | "UNREADABLE" | "OTHER_FILE" | "STORE_REFUSED";

export type UploadState =
    | "QUEUED"
    /** The SHA-256 is computed. */
    | "HASHING"
    | "SENDING"
    /** The connection was lost. The upload continues by itself. */
    | "INTERRUPTED"
    /** The server compares the bytes. */
    | "VERIFYING"
    | "READY"
    | "FAILED"
    /** The page was loaded again, and the browser has forgotten the file. */
    | "FILE_NEEDED";

export interface Upload {
    /** The idempotency key of `requestUpload`. Each attempt sends the same one, and continues the same upload. */
    id: string;
    target: UploadTarget;
    /** The names of the file and of its dossier. */
    name: string;
    dossier: string;
    size: number;
    contentType: string;
    state: UploadState;
    /** The bytes that were read or sent in this state. */
    done: number;
    /** Bytes per second. */
    speed: number;
    failure?: UploadFailure;
    /** The media type of the bytes, if they are of another kind than announced. */
    recognized?: string;
    /** The server's words, if it refused the upload. */
    refusal?: string;
    file?: File;
    sha256?: string;
    versionId?: string;
    documentId?: string;
}

/** An upload that fails until the person does something. */
export class UploadFailed extends Error {
    constructor(
        readonly failure: UploadFailure,
        readonly recognized?: string,
    ) {
        super(failure);
    }
}

/** Whether the upload goes on without the person. */
export const isActive = ({ state }: Upload) => !["READY", "FAILED", "FILE_NEEDED"].includes(state);

/** Files of at most this size, in bytes, are requested and completed together with others. */
const SMALL = 4 * 1024 * 1024;

export const isSmall = ({ size }: { size: number }) => size <= SMALL;
