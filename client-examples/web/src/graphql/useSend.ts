import type { TadaDocumentNode } from "gql.tada";
import { useState } from "react";
import { useClient } from "urql";
import { Cancelled } from "../states/Cancelled";
import { send, type Payload } from "./send";

/** Sends the mutations of a form. The error is for display beside the form. */
export function useSend() {
    const client = useClient();
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<string>();

    /** Sends a mutation. Returns its payload, or nothing if it was refused or cancelled. */
    const submit = async <Name extends string, Result extends Payload, Variables extends object>(
        document: TadaDocumentNode<{ [name in Name]: Result }, Variables>,
        variables: Variables,
    ) => {
        setBusy(true);
        setError(undefined);
        try {
            return await send(client, document, variables);
        } catch (cause) {
            if (!(cause instanceof Cancelled)) setError((cause as Error).message);
        } finally {
            setBusy(false);
        }
    };
    return { submit, busy, error, setError };
}
