import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useClient } from "urql";
import { send } from "../graphql/send";
import { notifyFailure } from "../states/notify";
import { EDIT_MESSAGE, type Message } from "./queries";

/** Changes the text of a message. The new text is shown until the server answers, and is kept if the server refuses it. */
export function useEditMessage({ id, body }: Message) {
    const { t } = useLingui();
    const client = useClient();
    const [isEditing, setEditing] = useState(false);
    const [written, setWritten] = useState<string>();
    const cancel = () => {
        setEditing(false);
        setWritten(undefined);
    };
    const save = async (text: string) => {
        setEditing(false);
        if (text === body) return setWritten(undefined);
        setWritten(text);
        try {
            await send(client, EDIT_MESSAGE, { input: { id, body: text } });
            setWritten(undefined);
        } catch (cause) {
            notifyFailure(t`Not changed`, cause);
            setEditing(true);
        }
    };
    return {
        /** The text as it was last written here. */
        text: written ?? body,
        isEditing,
        isSaving: written !== undefined && !isEditing,
        edit: () => setEditing(true),
        save: (text: string) => void save(text),
        cancel,
    };
}
