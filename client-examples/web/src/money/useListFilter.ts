import { useDebouncedValue } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import { defaultOrder } from "./search";

const route = getRouteApi("/app/hub/money");

/** Returns the order and the common filters of the lists, after the person has paused typing. */
export function useListFilter() {
    const search = route.useSearch();
    const [settled] = useDebouncedValue(search.search, 200);
    return {
        filter: { clientId: search.client ?? null, search: settled?.trim() || null },
        orderBy: search.sort ?? defaultOrder(search),
    };
}
