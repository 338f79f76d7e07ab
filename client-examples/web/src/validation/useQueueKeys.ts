import { useHotkeys } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import type { RefObject } from "react";
import { useShortcutsEnabled } from "../shortcuts/settings";
import { useShortcuts } from "../shortcuts/useShortcuts";
import { useViewer } from "../viewer/ViewerContext";
import type { RequestRow } from "./queries";
import type { QueueSearch } from "./search";
import { useDecide } from "./useDecide";

interface Options {
    rows: RequestRow[];
    cursor: string | undefined;
    openId: string | undefined;
    open: (id: string | undefined) => void;
    setCursor: (id: string) => void;
    filterRef: RefObject<HTMLInputElement | null>;
}

/** The keyboard of the queue. While a request is open, J and K open the next one. */
export function useQueueKeys({ rows, cursor, openId, open, setCursor, filterRef }: Options) {
    const [enabled] = useShortcutsEnabled();
    const navigate = useNavigate();
    const decide = useDecide();
    const { member } = useViewer();
    const index = rows.findIndex(({ id }) => id === cursor);
    const current = rows[index];
    const move = (step: number) => {
        const next = rows[Math.min(Math.max(index + step, 0), rows.length - 1)];
        if (next) (openId ? open : setCursor)(next.id);
    };
    const approve = () => {
        if (!current?.viewerCan.includes("APPROVE")) return;
        decide(current, { kind: "APPROVE", reason: "" });
        const rest = rows.filter(({ id }) => id !== current.id);
        const next = rest[Math.min(index, rest.length - 1)]?.id;
        if (openId || !next) open(next);
        else setCursor(next);
    };
    const askReason = (kind: "REJECT" | "REQUEST_CHANGES") => {
        if (!current?.viewerCan.includes(kind)) return;
        void navigate({
            to: "/validation/$requestId",
            params: { requestId: current.id },
            search: (search: QueueSearch) => ({ ...search, decide: kind }),
        });
    };
    const toggleMine = () =>
        member &&
        void navigate({
            to: ".",
            search: (search: QueueSearch) => ({ ...search, filter: search.filter === "mine" ? undefined : "mine" }) as QueueSearch,
            replace: true,
        });
    useShortcuts({
        next: () => move(1),
        previous: () => move(-1),
        approve,
        reject: () => askReason("REJECT"),
        requestChanges: () => askReason("REQUEST_CHANGES"),
        mine: toggleMine,
        filter: () => filterRef.current?.focus(),
    });
    useHotkeys([
        // A focused link or button has its own meaning of Enter.
        ["Enter", () => enabled && document.activeElement === document.body && current && !openId && open(current.id), { preventDefault: false }],
        ["Escape", () => openId && !document.querySelector('[aria-modal="true"]') && open(undefined)],
    ]);
}
