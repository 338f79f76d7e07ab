import { graphql } from "../graphql/graphql";

export const SIGN_IN = graphql(`
    mutation SignIn($input: SignInInput!) {
        signIn(input: $input) {
            accessToken
            expiresAt
            factorChallenge { token acceptsAppCode acceptsPasskey }
            memberships { id organizationName organizationSlug role }
            userErrors { code message }
        }
    }
`);

export const COMPLETE_SIGN_IN = graphql(`
    mutation CompleteSignIn($input: CompleteSignInInput!) {
        completeSignIn(input: $input) {
            accessToken
            expiresAt
            memberships { id organizationName organizationSlug role }
            userErrors { code message }
        }
    }
`);

export const REQUEST_PASSWORD_RESET = graphql(`
    mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
        requestPasswordReset(input: $input) { userErrors { message } }
    }
`);

export const RESET_PASSWORD = graphql(`
    mutation ResetPassword($input: ResetPasswordInput!) {
        resetPassword(input: $input) { userErrors { message } }
    }
`);

export const CONFIRM_EMAIL_CHANGE = graphql(`
    mutation ConfirmEmailChange($input: ConfirmEmailChangeInput!) {
        confirmEmailChange(input: $input) { step userErrors { message } }
    }
`);

export const OPEN_INVITATION = graphql(`
    mutation OpenInvitation($input: OpenInvitationInput!) {
        openInvitation(input: $input) {
            invitation { email displayName hasAccount inviterName organizationName role locale }
            userErrors { message }
        }
    }
`);

export const ACCEPT_INVITATION = graphql(`
    mutation AcceptInvitation($input: AcceptInvitationInput!) {
        acceptInvitation(input: $input) {
            accessToken
            expiresAt
            factorChallenge { token acceptsAppCode acceptsPasskey }
            memberships { id organizationName organizationSlug role }
            userErrors { code message }
        }
    }
`);
