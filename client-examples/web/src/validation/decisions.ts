import { t } from "@lingui/core/macro";
import { useMemo } from "react";
import { outbox } from "../outbox/outbox";
import { useEntries } from "../outbox/useEntries";
import { notifyFailure } from "../states/notify";
import type { RequestRow } from "./queries";

/** How long a decision waits before it is sent, so that it can be undone. */
export const UNDO_MILLISECONDS = 5_000;

export interface Decision {
    kind: "APPROVE" | "REJECT" | "REQUEST_CHANGES";
    reason: string;
}

const KINDS = ["approve", "reject", "requestChanges"] as const;

const isDecision = (kind: string) => (KINDS as readonly string[]).includes(kind);

/** Stores a decision. It is sent after the time for undoing it, also if the page is closed meanwhile. */
export function decide({ id, revision, title }: RequestRow, { kind, reason }: Decision) {
    const input = { id, expectedRevision: revision };
    if (kind === "APPROVE") void outbox.add("approve", { ...input, ...(reason && { reason }) }, title, UNDO_MILLISECONDS);
    else void outbox.add(kind === "REJECT" ? "reject" : "requestChanges", { ...input, reason }, title, UNDO_MILLISECONDS);
}

/** Takes a decision back that was not sent yet. */
export function undo(requestId: string) {
    const decision = outbox.entries.find(({ kind, input, sendAt }) => isDecision(kind) && "id" in input && input.id === requestId && sendAt > Date.now());
    if (decision) outbox.remove(decision.id);
}

/** Returns the ids of the requests whose decision is not confirmed yet. They have already left the queue. */
export function useDecided(): ReadonlySet<string> {
    const entries = useEntries(...KINDS);
    return useMemo(() => new Set(entries.map(({ input }) => input.id)), [entries]);
}

// A refused decision returns its request to the queue.
outbox.subscribe(() => {
    for (const { id, kind, title, failure } of outbox.entries) {
        if (!failure || !isDecision(kind)) continue;
        outbox.remove(id);
        notifyFailure(t`Not decided: ${title}`, new Error(failure.message));
        return;
    }
});
