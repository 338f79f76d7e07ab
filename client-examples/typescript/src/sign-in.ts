import type { ResultOf } from "gql.tada";
import { print } from "graphql";
import { graphql } from "./graphql.js";

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
    /** Its slug; needed by who belongs to several. */
    organization: string | null;
}

export interface Session {
    accessToken: string;
    /** Where the organization's events stand now. */
    cursor: string;
}

export async function signIn(url: string, input: Account): Promise<Session> {
    const response = await fetch(new URL("/graphql", url), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ query: print(SignIn), variables: { input } }),
    });
    const { data, errors } = (await response.json()) as {
        data?: ResultOf<typeof SignIn>;
        errors?: { message: string }[];
    };
    const payload = data?.signIn;
    if (!payload?.accessToken || !payload.viewer) {
        throw new Error((errors ?? payload?.userErrors ?? []).map((error) => error.message).join(" "));
    }
    return { accessToken: payload.accessToken, cursor: payload.viewer.cursor };
}
