import { graphql, type ResultOf } from "../graphql/graphql";
import { offlineStore } from "../offline/store";
import { post } from "./post";
import { readTabs, tabs, withLock } from "./tabs";

const SESSION = graphql(`
    fragment Session on RefreshSessionPayload {
        accessToken
        expiresAt
        memberships { id organizationName organizationSlug role }
        userErrors { code message }
    }
`);
const REFRESH = graphql(`mutation Refresh { refreshSession { ...Session } }`, [SESSION]);
const SIGN_OUT = graphql(`mutation SignOut { endSession { userErrors { message } } }`);
const SWITCH = graphql(`
    mutation Switch($input: SwitchMembershipInput!) {
        switchMembership(input: $input) {
            accessToken expiresAt memberships { id organizationName organizationSlug role } userErrors { code message }
        }
    }
`);

export type Membership = ResultOf<typeof SESSION>["memberships"][number];

/** The tokens that a mutation returns when a session begins or goes on. */
export interface Tokens {
    accessToken: string | null;
    expiresAt: string | null;
    memberships: Membership[];
    userErrors: { message: string }[];
}

export type SessionState =
    | { status: "loading" }
    | { status: "unreachable"; cause: Error }
    | { status: "signedOut"; ended?: boolean }
    | { status: "signedIn"; memberships: Membership[]; key: number };

/** After these milliseconds, stored data is shown instead of nothing. */
const SLOW = 4_000;

/** The person must sign in. */
export class SignInRequired extends Error {}

/** The session of this page. The browser keeps the refresh token in a cookie, and all tabs share it. */
class Session {
    state: SessionState = { status: "loading" };
    #accessToken = "";
    #expires = 0;
    #renewal: Promise<void> | undefined;
    #timer: ReturnType<typeof setTimeout> | undefined;
    #listeners = new Set<() => void>();
    #key = 0;

    subscribe = (listener: () => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    };

    /** Listens to the other tabs, and continues the session of the cookie, if there is one. */
    async start() {
        readTabs((message) => {
            if (message.type === "renewed") this.#store(message.accessToken, message.expiresAt);
            else location.reload();
        });
        await this.resume();
    }

    /** Continues the session of the cookie. It does nothing else while the server cannot be reached. */
    async resume() {
        // With stored data, a slow network need not be waited for.
        const timer = offlineStore.storedAt ? setTimeout(() => this.#showStored(), SLOW) : undefined;
        await this.renew().catch((cause: Error) => {
            if (!(cause instanceof SignInRequired)) this.#set({ status: "unreachable", cause });
            else if (this.state.status !== "signedOut") this.#set({ status: "signedOut" });
        });
        clearTimeout(timer);
    }

    #showStored() {
        if (this.state.status === "loading") this.#set({ status: "unreachable", cause: new Error("slow network") });
    }

    /** Begins to use the tokens of a sign-in. */
    begin({ accessToken, expiresAt, memberships }: Tokens) {
        this.#store(accessToken!, expiresAt!);
        this.#set({ status: "signedIn", memberships, key: ++this.#key });
        tabs.postMessage({ type: "changed" });
    }

    /** Returns an access token that is valid for some seconds at least. */
    async token() {
        if (this.#expires < Date.now() + 5_000) await this.renew();
        return this.#accessToken;
    }

    /** Returns the token after this one. It renews only if nobody else has done so. */
    async tokenAfter(token: string) {
        if (token === this.#accessToken) await this.renew();
        return this.#accessToken;
    }

    /** Renews the session. Concurrent callers and tabs share one renewal, because a refresh token works once. */
    renew() {
        const before = this.#accessToken;
        this.#renewal ??= withLock(async () => {
            if (this.#accessToken === before) await this.#refresh();
        }).finally(() => (this.#renewal = undefined));
        return this.#renewal;
    }

    /** Does what `fetch` does, with an access token. If the server refuses the token, it renews and repeats once. */
    fetch: typeof fetch = async (url, init) => {
        const send = (token: string) => {
            const headers = new Headers(init?.headers);
            headers.set("Authorization", `Bearer ${token}`);
            return fetch(url, { ...init, headers });
        };
        const token = await this.token();
        const response = await send(token);
        return response.status === 401 ? send(await this.tokenAfter(token)) : response;
    };

    async switchTo(membershipId: string) {
        const { switchMembership } = await post(SWITCH, { input: { membershipId } });
        if (!switchMembership.accessToken) throw new Error(switchMembership.userErrors[0]?.message);
        this.begin(switchMembership);
    }

    async signOut() {
        await post(SIGN_OUT, {});
        this.end({ status: "signedOut" });
        tabs.postMessage({ type: "changed" });
    }

    /** Shows the sign-in page. */
    end(state: SessionState & { status: "signedOut" }) {
        clearTimeout(this.#timer);
        this.#accessToken = "";
        this.#expires = 0;
        this.#set(state);
    }

    async #refresh() {
        const { refreshSession } = await post(REFRESH, {});
        const { accessToken, expiresAt, memberships, userErrors } = refreshSession;
        if (!accessToken || !expiresAt) {
            if (this.state.status === "signedIn" || this.state.status === "unreachable") this.end({ status: "signedOut", ended: true });
            throw new SignInRequired(userErrors[0]?.message);
        }
        this.#store(accessToken, expiresAt);
        tabs.postMessage({ type: "renewed", accessToken, expiresAt });
        if (this.state.status !== "signedIn") this.#set({ status: "signedIn", memberships, key: ++this.#key });
    }

    #store(accessToken: string, expiresAt: string) {
        this.#accessToken = accessToken;
        this.#expires = Date.parse(expiresAt);
        clearTimeout(this.#timer);
        // A failed renewal is repeated by the next request.
        this.#timer = setTimeout(() => this.renew().catch(() => {}), Math.max(this.#expires - Date.now() - 60_000, 5_000));
    }

    #set(state: SessionState) {
        // Repeated attempts must not draw the pages with stored data again.
        if (state.status === "unreachable" && this.state.status === "unreachable") return;
        this.state = state;
        if (state.status === "signedOut") void offlineStore.clear();
        for (const listener of this.#listeners) listener();
    }
}

export const session = new Session();
