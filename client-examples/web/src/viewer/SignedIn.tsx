import { Outlet } from "@tanstack/react-router";
import { lazy, useCallback, useEffect, useState, Suspense } from "react";
import { Provider, useQuery } from "urql";
import { createClient } from "../graphql/client";
import { connection } from "../live/connection";
import { LiveEvents } from "../live/LiveEvents";
import { SendOutbox } from "../outbox/SendOutbox";
import { ProofPrompt } from "../proof/ProofPrompt";
import { session } from "../session/session";
import { useSession } from "../session/useSession";
import { ErrorState } from "../states/ErrorState";
import { Splash } from "../states/Splash";
import { followAccount, withSettingsTexts } from "../text/language";
import { accentOf } from "../theme/accent";
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
    if (state.status === "unreachable") return <ErrorState error={state.cause} onRetry={() => void session.resume()} />;
    if (state.status === "signedIn") return <SessionPages key={state.key} />;
    return (
        <Suspense fallback={<Splash />}>
            <SignInPage ended={state.ended} />
        </Suspense>
    );
}

function SessionPages() {
    const [created, setCreated] = useState<ReturnType<typeof createClient>>();
    const [resyncs, setResyncs] = useState(0);
    // A new cache reads everything again.
    const resync = useCallback(() => setResyncs((count) => count + 1), []);
    useEffect(() => {
        connection.reset();
        const next = createClient();
        setCreated(next);
        return next.close;
    }, [resyncs]);
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
    const organization = viewer?.organization;
    useAppearance(organization?.accentColor ?? accentOf(organization?.slug ?? ""), viewer?.role === "CLIENT" ? "portal" : "hub");
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
                    <LiveEvents after={first.cursor} onResync={onResync} />
                    <Outlet />
                </>
            )}
            <ProofPrompt />
        </ViewerProvider>
    );
}
