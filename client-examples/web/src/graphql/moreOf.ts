interface PageInfo {
    hasNextPage: boolean;
    endCursor: string | null;
}

/** Returns the properties of `LoadMore` for the end of a list, or nothing if the list is complete. */
export function moreOf(pageInfo: PageInfo | undefined, failed: boolean, setAfter: (cursor: string | null) => void, readAgain: () => void) {
    if (!pageInfo?.hasNextPage) return undefined;
    const { endCursor } = pageInfo;
    return { key: endCursor, failed, onVisible: () => (failed ? readAgain() : setAfter(endCursor)) };
}
