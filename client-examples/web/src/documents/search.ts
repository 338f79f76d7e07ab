export interface DocumentSearch {
    /** The number of the version that is shown. The default is the newest one. */
    version?: number;
}

export const validateDocumentSearch = ({ version }: Record<string, unknown>): DocumentSearch =>
    typeof version === "number" ? { version } : {};
