import type { TadaDocumentNode } from "gql.tada";
import { useCallback, useEffect, useState } from "react";
import { useQuery, type RequestPolicy } from "urql";

interface Connection<Row> {
    nodes: Row[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** The query of a list: one field with a connection. */
type ListQuery<Name extends string, Row, Variables> = TadaDocumentNode<
    { [name in Name]: Connection<Row> },
    Variables & { after?: string | null }
>;

/**
 * Reads a list page by page. The cache joins the pages, so that `rows` are all rows that were read. `more` has the
 * properties of `LoadMore`, unless the list is complete.
 */
export function usePages<Name extends string, Row, Variables extends object>(
    query: ListQuery<Name, Row, Variables>,
    variables: Variables,
    requestPolicy?: RequestPolicy,
) {
    const key = JSON.stringify(variables);
    const [page, setPage] = useState({ key, after: null as string | null });
    const after = page.key === key ? page.after : null;
    const [{ data, error, fetching, stale }, read] = useQuery({
        query,
        variables: { ...variables, ...(after && { after }) },
        ...(requestPolicy && { requestPolicy }),
    });
    // A page that failed leaves the pages above it in their place.
    const [shown, setShown] = useState({ key, list: undefined as Connection<Row> | undefined });
    const current = data && Object.values<Connection<Row>>(data)[0];
    if (current && (shown.key !== key || shown.list !== current)) setShown({ key, list: current });
    const list = current ?? (shown.key === key ? shown.list : undefined);

    const next = list?.pageInfo.hasNextPage ? list.pageInfo.endCursor : null;
    const isBusy = fetching || stale;
    const retry = useCallback(() => read({ requestPolicy: "network-only" }), [read]);
    const readNext = useCallback(() => {
        if (next && !isBusy) setPage({ key, after: next });
    }, [next, isBusy, key]);
    const failed = error !== undefined;
    return {
        rows: list?.nodes,
        more: next === null ? undefined : { key: `${next} ${isBusy}`, failed, onVisible: failed ? retry : readNext },
        error,
        retry,
        stale,
    };
}

/** Reads all pages of a list, up to the first row that is the last one needed. */
export function useAllPages<Name extends string, Row, Variables extends object>(
    query: ListQuery<Name, Row, Variables>,
    variables: Variables,
    isLast?: (row: Row) => boolean,
) {
    const pages = usePages(query, variables);
    const { rows, more, error } = pages;
    const last = rows?.at(-1);
    const isComplete = rows !== undefined && (!more || (last !== undefined && isLast?.(last) === true));
    const readNext = more?.onVisible;
    useEffect(() => {
        if (!isComplete && !error) readNext?.();
    }, [isComplete, error, readNext]);
    return { ...pages, isComplete };
}
