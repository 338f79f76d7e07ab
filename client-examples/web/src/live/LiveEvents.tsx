import { useEffect } from "react";
import { useClient } from "urql";
import { pending } from "../graphql/pending";
import { outbox } from "../outbox/outbox";
import { connection } from "./connection";
import { EVENTS } from "./events";

interface Props {
    /** The cursor of the query whose data is displayed. */
    after: string;
    /** Called when the displayed data must be read again. */
    onResync: () => void;
}

/** The one subscription of the page. The cache applies its events. */
export function LiveEvents({ after, onResync }: Props) {
    const client = useClient();
    useEffect(() => {
        const { unsubscribe } = client.subscription(EVENTS, { after }).subscribe(({ data }) => {
            if (!data) return;
            // The cache leaves the event out if it has forgotten a part of it, such as a removed dossier.
            const event = data.dossierEvents as typeof data.dossierEvents | null;
            const clientMutationId = event?.clientMutationId ?? null;
            if (!pending.isOwn(clientMutationId)) connection.countEvent();
            outbox.confirm(clientMutationId);
            if (event?.type === "RESYNC_REQUIRED") onResync();
        });
        return unsubscribe;
    }, [client, after, onResync]);
    return null;
}
