import type { TadaDocumentNode } from "gql.tada";
import { useCallback, useEffect, useState } from "react";
import { useQuery } from "urql";

interface Connection<Row> {
    nodes: Row[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** Reads a list page by page. The cache joins the pages. */
export function usePages<Name extends string, Row, Variables extends object>(
    query: TadaDocumentNode<{ [name in Name]: Connection<Row> }, Variables & { after?: string | null }>,
    variables: Variables,
) {
    const key = JSON.stringify(variables);
    const [page, setPage] = useState({ key, after: null as string | null });
    const after = page.key === key ? page.after : null;
    const [{ data, error, fetching }, read] = useQuery({ query, variables: { ...variables, after } });
    const list = data && Object.values<Connection<Row>>(data)[0];
    const next = list?.pageInfo.hasNextPage ? list.pageInfo.endCursor : null;
    const readNext = useCallback(() => {
        if (next && !fetching) setPage({ key, after: next });
    }, [next, fetching, key]);
    return { rows: list?.nodes, hasMore: next !== null, readNext, error, retry: () => read({ requestPolicy: "network-only" }) };
}

/** Reads all pages of a list, up to the first row that is the last one needed. */
export function useAllPages<Name extends string, Row, Variables extends object>(
    query: TadaDocumentNode<{ [name in Name]: Connection<Row> }, Variables & { after?: string | null }>,
    variables: Variables,
    isLast?: (row: Row) => boolean,
) {
    const pages = usePages(query, variables);
    const last = pages.rows?.at(-1);
    const isComplete = !pages.hasMore || (last !== undefined && isLast?.(last) === true);
    const { readNext } = pages;
    useEffect(() => {
        if (!isComplete) readNext();
    }, [isComplete, readNext]);
    return { ...pages, isComplete };
}
