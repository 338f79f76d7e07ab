import { Button } from "@mantine/core";
import type { TadaDocumentNode } from "gql.tada";
import { useState, type ReactNode } from "react";
import type { Payload } from "../graphql/send";
import { useSend } from "../graphql/useSend";
import { ConfirmDialog } from "./ConfirmDialog";

interface Props<Name extends string, Result extends Payload, Variables extends object> {
    label: ReactNode;
    title: ReactNode;
    /** The consequences. */
    children: ReactNode;
    mutation: TadaDocumentNode<{ [name in Name]: Result }, Variables>;
    variables: Variables;
    dangerous?: boolean;
    onDone?: (payload: Result) => void;
}

/** A button that sends a mutation after a question. */
export function ConfirmButton<Name extends string, Result extends Payload, Variables extends object>({
    label,
    title,
    children,
    mutation,
    variables,
    dangerous = false,
    onDone,
}: Props<Name, Result, Variables>) {
    const [asked, setAsked] = useState(false);
    const { submit, busy, error, setError } = useSend();
    const close = () => {
        setAsked(false);
        setError(undefined);
    };
    const confirm = async () => {
        const payload = await submit(mutation, variables);
        if (!payload) return;
        close();
        onDone?.(payload);
    };
    return (
        <>
            <Button size="xs" variant="default" c={dangerous ? "var(--overdue)" : undefined} onClick={() => setAsked(true)}>
                {label}
            </Button>
            {asked && (
                <ConfirmDialog
                    title={title}
                    action={label}
                    busy={busy}
                    error={error}
                    dangerous={dangerous}
                    onConfirm={() => void confirm()}
                    onClose={close}
                >
                    {children}
                </ConfirmDialog>
            )}
        </>
    );
}
