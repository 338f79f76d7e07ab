import { useLingui } from "@lingui/react";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Sheet } from "../billing/queries";
import { Refused } from "../graphql/send";
import { draftOf, readLines, type Draft } from "./draft";

/** How long nobody types before a draft is saved. */
const PAUSE_MILLISECONDS = 900;

export interface DraftInput {
    title: string;
    until: string | null;
    note: string | null;
    lines: NonNullable<ReturnType<typeof readLines>>;
    expectedRevision: number;
}

export type SaveState = { status: "saved" | "unsaved" | "saving" | "incomplete" } | { status: "refused"; message: string; conflict: boolean; revision: number };

/** The content of a draft. It is saved after a pause, and the server then computes the totals. */
export function useDraft<Document extends Sheet>(document: Document, save: (input: DraftInput) => Promise<Document | null>) {
    const { i18n } = useLingui();
    const [draft, setDraft] = useState(() => draftOf(document, i18n.locale));
    const [state, setState] = useState<SaveState>({ status: "saved" });
    const written = useRef(draft);
    const isSaved = useRef(true);
    const revision = useRef(document.revision);
    const saving = useRef<Promise<void>>(undefined);
    const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

    /** Saves now. Returns whether all is saved. */
    const flush = useCallback(async () => {
        clearTimeout(timer.current);
        await saving.current;
        if (isSaved.current) return true;
        const { title, until, note } = written.current;
        const lines = readLines(written.current.lines, i18n.locale);
        if (!lines || !title.trim()) {
            setState({ status: "incomplete" });
            return false;
        }
        isSaved.current = true;
        setState({ status: "saving" });
        const input = { title: title.trim(), until: until || null, note: note.trim() || null, lines, expectedRevision: revision.current };
        saving.current = save(input).then(
            (saved) => {
                revision.current = saved?.revision ?? revision.current;
                if (isSaved.current) setState({ status: "saved" });
            },
            (cause: Error) => {
                isSaved.current = false;
                const conflict = cause instanceof Refused && cause.code === "CONFLICT";
                setState({ status: "refused", message: cause.message, conflict, revision: revision.current });
            },
        );
        await saving.current;
        return isSaved.current;
    }, [save, i18n]);

    const change = (changes: Partial<Draft>) => {
        written.current = { ...written.current, ...changes };
        isSaved.current = false;
        setDraft(written.current);
        setState({ status: "unsaved" });
        clearTimeout(timer.current);
        timer.current = setTimeout(() => void flush(), PAUSE_MILLISECONDS);
    };

    /** Replaces what is written by what the server has. */
    const reset = useCallback(
        (current: Document) => {
            clearTimeout(timer.current);
            isSaved.current = true;
            revision.current = current.revision;
            written.current = draftOf(current, i18n.locale);
            setDraft(written.current);
            setState({ status: "saved" });
        },
        [i18n],
    );

    /** Forgets what is not saved, because the draft was deleted. */
    const discard = () => {
        clearTimeout(timer.current);
        isSaved.current = true;
    };

    // A change by somebody else appears unless something is written here at the moment.
    useEffect(() => {
        if (isSaved.current && document.revision > revision.current) void (saving.current ?? Promise.resolve()).then(() => {
            if (isSaved.current && document.revision > revision.current) reset(document);
        });
    }, [document, reset]);
    useEffect(() => () => void flush(), [flush]);
    useEffect(() => {
        const onHide = () => void flush();
        addEventListener("pagehide", onHide);
        return () => removeEventListener("pagehide", onHide);
    }, [flush]);
    return { draft, state, change, flush, reset: () => reset(document), discard };
}
