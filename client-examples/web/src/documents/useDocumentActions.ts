import { useLingui } from "@lingui/react/macro";
import { useClient } from "urql";
import { send } from "../graphql/send";
import { notifyFailure } from "../states/notify";
import { DELETE, MOVE, PUBLISH, RENAME, RESTORE, RESTORE_VERSION, UNPUBLISH, type DocumentFields } from "./queries";
import type { Zone } from "./zones";

/** Returns what can be done with a document. Each function shows why the server refused, and returns whether it did not. */
export function useDocumentActions({ id, name, revision }: DocumentFields) {
    const { t } = useLingui();
    const client = useClient();
    const input = { id, expectedRevision: revision };
    const attempt = (title: string, action: Promise<unknown>) =>
        action.then(
            () => true,
            (cause: unknown) => {
                notifyFailure(title, cause);
                return false;
            },
        );
    return {
        publish: (versionId?: string) =>
            attempt(t`Not published: ${name}`, send(client, PUBLISH, { input: { ...input, ...(versionId && { versionId }) } })),
        hide: () => attempt(t`Not hidden: ${name}`, send(client, UNPUBLISH, { input })),
        move: (zone: Zone) => attempt(t`Not moved: ${name}`, send(client, MOVE, { input: { ...input, zone } })),
        rename: (name: string) => send(client, RENAME, { input: { ...input, name } }),
        remove: () => send(client, DELETE, { input }),
        restore: () => send(client, RESTORE, { input: { id } }),
        restoreVersion: (versionId: string) =>
            attempt(t`Not restored: ${name}`, send(client, RESTORE_VERSION, { input: { versionId, expectedRevision: revision } })),
    };
}
