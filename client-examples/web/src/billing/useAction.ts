import { useState } from "react";

/** Runs an action of a dialog, and closes it. While the action is refused, the dialog shows why. */
export function useAction(action: () => Promise<unknown>, onDone: () => void) {
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<string>();
    const run = async () => {
        setBusy(true);
        setError(undefined);
        try {
            await action();
            onDone();
        } catch (cause) {
            setError((cause as Error).message);
        }
        setBusy(false);
    };
    return { run: () => void run(), busy, error };
}
