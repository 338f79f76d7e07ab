import type { ResultOf, TadaDocumentNode } from "gql.tada";
import { print } from "graphql";
import { graphql } from "./graphql.js";
import { pauseOfErrors, pauseOfResponse, TryLater, type ApiError } from "./retry.js";

const SignIn = graphql(`
    mutation SignIn($input: SignInInput!) {
        signIn(input: $input) {
            accessToken
            expiresAt
            refreshToken
            viewer {
                cursor
            }
            userErrors {
                message
            }
        }
    }
`);

const RefreshSession = graphql(`
    mutation RefreshSession($input: RefreshSessionInput!) {
        refreshSession(input: $input) {
            accessToken
            expiresAt
            refreshToken
            viewer {
                cursor
            }
            userErrors {
                message
            }
        }
    }
`);

export interface Account {
    email: string;
    password: string;
    /** The slug of the organization. Members of several organizations need it. */
    organization: string | null;
}

/** The fields that both payloads have. */
type Payload = NonNullable<ResultOf<typeof SignIn>["signIn"]>;

interface Answer<T> {
    data?: T | null;
    errors?: ApiError[];
}

/** A token is renewed if it is valid for less than this many milliseconds. */
const SOON = 5_000;

/** A session: an access token for some minutes, and a refresh token that renews it. */
export class Session {
    private constructor(
        private readonly url: string,
        private readonly account: Account,
        private payload: Payload,
    ) {}

    /** Signs in. Throws `TryLater` if the server asks to wait. */
    static async begin(url: string, account: Account): Promise<Session> {
        return new Session(url, account, await signIn(url, account));
    }

    /** The position of the organization's events when the session began. */
    get cursor(): string | undefined {
        return this.payload.viewer?.cursor;
    }

    /** Returns an access token that is still valid for a while. */
    async token(): Promise<string> {
        const expires = Date.parse(this.payload.expiresAt ?? "");
        return expires - Date.now() > SOON ? (this.payload.accessToken ?? "") : this.renew();
    }

    /** Returns the next access token. If the session has ended, it signs in again. */
    async renew(): Promise<string> {
        const { refreshToken } = this.payload;
        const { refreshSession } = await send(this.url, RefreshSession, { input: { refreshToken } });
        this.payload = refreshSession.accessToken ? refreshSession : await signIn(this.url, this.account);
        return this.payload.accessToken ?? "";
    }
}

async function signIn(url: string, input: Account): Promise<Payload> {
    const payload = (await send(url, SignIn, { input })).signIn;
    if (!payload.accessToken) throw new Error(payload.userErrors.map((error) => error.message).join(" "));
    return payload;
}

async function send<T, V>(url: string, document: TadaDocumentNode<T, V>, variables: V): Promise<T> {
    const response = await fetch(new URL("/graphql", url), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ query: print(document), variables }),
    });
    // A proxy may answer with something that is not JSON.
    const { data, errors }: Answer<T> = await response.json().catch(() => ({}));
    if (data && !errors) return data;
    const message =
        (errors ?? []).map((error) => error.message).join(" ") || `The server answers with status ${response.status}.`;
    const pause = pauseOfErrors(errors) ?? pauseOfResponse(response);
    throw pause === undefined ? new Error(message) : new TryLater(message, pause);
}
