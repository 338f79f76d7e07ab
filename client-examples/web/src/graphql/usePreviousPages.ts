import { useEffect, useState } from "react";

interface Page<Row> {
    nodes: Row[];
    pageInfo: { hasPreviousPage: boolean; startCursor: string | null };
}

/**
 * Reads the pages before the newest page of a list, one after the other. They are read again when the newest page begins
 * elsewhere, so that no row falls between them. `more` reads one more page, if there is one.
 */
export function usePreviousPages<Row extends { id: string }>(
    newest: Page<Row>,
    /** Reads the page before a cursor. Keep the same function while the list is the same. */
    read: (before: string) => Promise<Page<Row> | undefined>,
) {
    const [wanted, setWanted] = useState({ pages: 0 });
    const [previous, setPrevious] = useState<Page<Row>[]>([]);
    const [busy, setBusy] = useState(false);
    const start = newest.pageInfo.startCursor;
    useEffect(() => {
        let isCurrent = true;
        const readPages = async () => {
            const pages: Page<Row>[] = [];
            for (let before = start; before && pages.length < wanted.pages; ) {
                const page = await read(before);
                if (!page || !isCurrent) break;
                pages.push(page);
                before = page.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : null;
            }
            if (isCurrent) setPrevious(pages);
            if (isCurrent) setBusy(false);
        };
        if (wanted.pages > 0) void readPages();
        return () => void (isCurrent = false);
    }, [start, wanted, read]);
    const shown = new Map([...previous].reverse().concat(newest).flatMap(({ nodes }) => nodes.map((row) => [row.id, row])));
    const { hasPreviousPage } = (previous.at(-1) ?? newest).pageInfo;
    const more = () => {
        setBusy(true);
        setWanted({ pages: previous.length + 1 });
    };
    return { rows: [...shown.values()], more: hasPreviousPage ? more : undefined, busy };
}
