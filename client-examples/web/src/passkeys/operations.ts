import { graphql } from "../graphql/graphql";

export const BEGIN_AUTHENTICATION = graphql(`
    mutation BeginPasskeyAuthentication($input: BeginPasskeyAuthenticationInput!) {
        beginPasskeyAuthentication(input: $input) { attempt options userErrors { code message } }
    }
`);

export const SIGN_IN_WITH_PASSKEY = graphql(`
    mutation SignInWithPasskey($input: SignInWithPasskeyInput!) {
        signInWithPasskey(input: $input) {
            accessToken
            expiresAt
            memberships { id organizationName organizationSlug role }
            userErrors { code message }
        }
    }
`);
