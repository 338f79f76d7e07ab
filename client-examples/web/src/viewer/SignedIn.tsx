import { Outlet } from "@tanstack/react-router";
import { lazy, useCallback, useEffect, useState, Suspense } from "react";
import { Provider, useQuery } from "urql";
import { SyncReadMarkers } from "../conversations/SyncReadMarkers";
import { createClient } from "../graphql/client";
import { connection } from "../live/connection";
import { LiveEvents } from "../live/LiveEvents";
import { offlineStore } from "../offline/store";
import { SendOutbox } from "../outbox/SendOutbox";
import { ProofPrompt } from "../proof/ProofPrompt";
import { session } from "../session/session";
import { useSession } from "../session/useSession";
import { ErrorState } from "../states/ErrorState";
import { Splash } from "../states/Splash";
import { followAccount, withSettingsTexts } from "../text/language";
import { brandOf } from "../theme/brand";
import { useAppearance } from "../theme/ThemeProvider";
import { VIEWER, type Viewer } from "./queries";
import { ViewerProvider } from "./ViewerContext";

const SignInPage = lazy(() => import("../session/SignInPage").then((page) => ({ default: page.SignInPage })));

const FactorRequiredPage = lazy(() =>
    withSettingsTexts(() => import("../account/FactorRequiredPage")).then((page) => ({ default: page.FactorRequiredPage })),
);

/** The pages behind the sign-in. Each session has a GraphQL client, a cache and a socket of its own. */
export function SignedIn() {
    const state = useSession();
    if (state.status === "loading") return <Splash />;
    if (state.status === "unreachable") return <UnreachablePages cause={state.cause} />;
    if (state.status === "signedIn") return <SessionPages key={state.key} />;
    return (
        <Suspense fallback={<Splash />}>
            <SignInPage ended={state.ended} />
        </Suspense>
    );
}

/** The pages with the data that was loaded before, until the server can be reached again. */
function UnreachablePages({ cause }: { cause: Error }) {
    const [storedAt] = useState(() => offlineStore.storedAt);
    useEffect(() => {
        const resume = () => void session.resume();
        addEventListener("online", resume);
        return () => removeEventListener("online", resume);
    }, []);
    if (storedAt) return <SessionPages storedAt={storedAt} />;
    return <ErrorState error={cause} onRetry={() => void session.resume()} />;
}

/** With a time, the cache begins with the data that was stored at this time. */
function SessionPages({ storedAt }: { storedAt?: Date }) {
    const [created, setCreated] = useState<ReturnType<typeof createClient>>();
    const [resyncs, setResyncs] = useState(0);
    // A new cache reads everything again.
    const resync = useCallback(() => setResyncs((count) => count + 1), []);
    useEffect(() => {
        connection.reset(storedAt);
        const show = () => setCreated(next);
        const next = createClient(offlineStore.storage(storedAt && show));
        if (!storedAt) show();
        return next.close;
    }, [resyncs, storedAt]);
    if (!created) return <Splash />;
    return (
        <Provider value={created.client} key={resyncs}>
            <ViewerPages onResync={resync} />
        </Provider>
    );
}

function ViewerPages({ onResync }: { onResync: () => void }) {
    const [{ data, error }, retry] = useQuery({ query: VIEWER });
    // The first cursor is the right one: the subscription itself continues from later ones.
    const [first, setFirst] = useState<Viewer>();
    const viewer = data?.viewer;
    if (viewer && !first) setFirst(viewer);
    useEffect(() => void (viewer && offlineStore.open(viewer)), [viewer]);
    useAppearance(brandOf(viewer?.organization ?? null, viewer?.client?.track).accent, viewer?.role === "CLIENT" ? "portal" : "hub");
    useEffect(() => void followAccount(viewer?.locale ?? null), [viewer?.locale]);
    if (error && !viewer) return <ErrorState error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />;
    if (!viewer || !first) return <Splash />;
    return (
        <ViewerProvider value={viewer}>
            {viewer.factorRequired ? (
                <Suspense fallback={<Splash />}>
                    <FactorRequiredPage onDone={onResync} />
                </Suspense>
            ) : (
                <>
                    <SendOutbox />
                    <SyncReadMarkers />
                    <LiveEvents after={first.cursor} onResync={onResync} />
                    <Outlet />
                </>
            )}
            <ProofPrompt />
        </ViewerProvider>
    );
}
