export interface MessagesSearch {
    show?: "unread";
}

export const validateMessagesSearch = ({ show }: Record<string, unknown>): MessagesSearch =>
    show === "unread" ? { show } : {};

/** The dossier of a new conversation, if it is already known. */
export const validateNewSearch = ({ client }: Record<string, unknown>): { client?: string } =>
    typeof client === "string" ? { client } : {};
