import type { ResultOf } from "gql.tada";
import { print } from "graphql";
import { graphql } from "./graphql.js";
import { pauseOfErrors, pauseOfResponse, TryLater, type ApiError } from "./retry.js";

const SignIn = graphql(`
    mutation SignIn($input: SignInInput!) {
        signIn(input: $input) {
            accessToken
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
    /** A slug; needed by members of several organizations. */
    organization: string | null;
}

export interface Session {
    accessToken: string;
    /** Where the organization's events stand now. */
    cursor: string;
}

interface Answer {
    data?: ResultOf<typeof SignIn> | null;
    errors?: ApiError[];
}

/** Signs in, or throws `TryLater` if the server asks to wait. */
export async function signIn(url: string, input: Account): Promise<Session> {
    const response = await fetch(new URL("/graphql", url), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ query: print(SignIn), variables: { input } }),
    });
    // A proxy may answer with something that is not JSON.
    const { data, errors }: Answer = await response.json().catch(() => ({}));
    const payload = data?.signIn;
    if (payload?.accessToken && payload.viewer) {
        return { accessToken: payload.accessToken, cursor: payload.viewer.cursor };
    }
    const messages = (errors ?? payload?.userErrors ?? []).map((error) => error.message);
    const message = messages.join(" ") || `The server answers with status ${response.status}.`;
    const pause = pauseOfErrors(errors) ?? pauseOfResponse(response);
    throw pause === undefined ? new Error(message) : new TryLater(message, pause);
}
