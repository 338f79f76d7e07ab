import { useCallback, useEffect, useMemo, useState } from "react";
import { useClient, useSubscription } from "urql";
import { graphql, type ResultOf, type VariablesOf } from "../graphql/graphql";

const PRESENCE = graphql(`
    subscription Presence {
        presence { activity subjectId actor { displayName } }
    }
`);
const SIGNAL = graphql(`
    mutation SignalPresence($input: SignalPresenceInput!) {
        signalPresence(input: $input) { userErrors { message } }
    }
`);

/** How often a sign is repeated. */
export const REPEAT = 5_000;
const EXPIRY = 10_000;

type Activity = ResultOf<typeof PRESENCE>["presence"]["activity"];

interface Sign {
    subjectId: string;
    activity: Activity;
    name: string;
    until: number;
}

/** Returns a function that returns the names of the people who do something at an object now. */
export function usePresence(activity: Activity) {
    const [signs, setSigns] = useState<Sign[]>([]);
    useSubscription({ query: PRESENCE }, (_, data) => {
        const { subjectId, activity, actor } = data.presence;
        const sign = { subjectId, activity, name: actor.displayName, until: Date.now() + EXPIRY };
        setSigns((known) => [...known.filter((other) => other.subjectId !== subjectId || other.name !== sign.name), sign]);
        return data;
    });
    useEffect(() => {
        const timer = setInterval(
            () => setSigns((known) => (known.some(isOver) ? known.filter((sign) => !isOver(sign)) : known)),
            1_000,
        );
        return () => clearInterval(timer);
    }, []);
    const names = useMemo(() => {
        const names = new Map<string, string[]>();
        for (const sign of signs) {
            if (sign.activity === activity) names.set(sign.subjectId, [...(names.get(sign.subjectId) ?? []), sign.name]);
        }
        return names;
    }, [signs, activity]);
    return useCallback((id: string) => names.get(id) ?? NOBODY, [names]);
}

/** The same array each time, so that rows without people do not render again. */
const NOBODY: string[] = [];

const isOver = ({ until }: Sign) => until < Date.now();

/** Returns a function that signals what the viewer does. A lost sign is not repeated. */
export function useSignal() {
    const client = useClient();
    return (input: VariablesOf<typeof SIGNAL>["input"]) => void client.mutation(SIGNAL, { input }).toPromise();
}

/** Signals that the viewer looks at a request while the page is visible. A lost signal is repeated soon. */
export function useSignalPresence(validationRequestId: string) {
    const client = useClient();
    useEffect(() => {
        const signal = (activity: Activity) =>
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
