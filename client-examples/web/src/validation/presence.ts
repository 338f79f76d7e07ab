import { useEffect, useState } from "react";
import { useClient, useSubscription } from "urql";
import { graphql } from "../graphql/graphql";

const PRESENCE = graphql(`
    subscription RequestPresence {
        presence { activity subjectId actor { displayName } }
    }
`);
const SIGNAL = graphql(`
    mutation SignalPresence($input: SignalPresenceInput!) {
        signalPresence(input: $input) { userErrors { message } }
    }
`);

const REPEAT = 5_000;
const EXPIRY = 10_000;

interface Sign {
    subjectId: string;
    name: string;
    until: number;
}

/** Returns the names of the people who look at a request now. */
export function usePresence() {
    const [signs, setSigns] = useState<Sign[]>([]);
    useSubscription({ query: PRESENCE }, (_, data) => {
        const { subjectId, activity, actor } = data.presence;
        setSigns((known) => [
            ...known.filter((sign) => sign.subjectId !== subjectId || sign.name !== actor.displayName),
            ...(activity === "LEFT" ? [] : [{ subjectId, name: actor.displayName, until: Date.now() + EXPIRY }]),
        ]);
        return data;
    });
    useEffect(() => {
        const timer = setInterval(
            () => setSigns((known) => (known.some(isOver) ? known.filter((sign) => !isOver(sign)) : known)),
            1_000,
        );
        return () => clearInterval(timer);
    }, []);
    return (id: string) => signs.filter((sign) => sign.subjectId === id).map(({ name }) => name);
}

const isOver = ({ until }: Sign) => until < Date.now();

/** Signals that the viewer looks at a request while the page is visible. A lost signal is repeated soon. */
export function useSignalPresence(validationRequestId: string) {
    const client = useClient();
    useEffect(() => {
        const signal = (activity: "VIEWING" | "LEFT") =>
            void client.mutation(SIGNAL, { input: { validationRequestId, activity } }).toPromise();
        const repeat = () => document.visibilityState === "visible" && signal("VIEWING");
        repeat();
        const timer = setInterval(repeat, REPEAT);
        return () => {
            clearInterval(timer);
            signal("LEFT");
        };
    }, [client, validationRequestId]);
}
