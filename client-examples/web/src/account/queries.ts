import { graphql, type ResultOf } from "../graphql/graphql";

export const ACCOUNT = graphql(`
    query Account {
        viewer {
            id
            displayName
            email
            locale
            totpEnabled
            recoveryCodesLeft
            passkeys { id name createdAt lastUsedAt }
        }
    }
`);

export type Account = NonNullable<ResultOf<typeof ACCOUNT>["viewer"]>;

export const MY_SESSIONS = graphql(`
    query MySessions {
        sessions(first: 50) {
            nodes { id device network createdAt lastUsedAt current organization { id name } }
        }
    }
`);

export const UPDATE_PROFILE = graphql(`
    mutation UpdateProfile($input: UpdateProfileInput!) {
        updateProfile(input: $input) { viewer { id displayName locale } userErrors { code message } }
    }
`);

export const REQUEST_EMAIL_CHANGE = graphql(`
    mutation RequestEmailChange($input: RequestEmailChangeInput!) {
        requestEmailChange(input: $input) { accepted userErrors { code message } }
    }
`);

export const CHANGE_PASSWORD = graphql(`
    mutation ChangePassword($input: ChangePasswordInput!) {
        changePassword(input: $input) { changed userErrors { code message } }
    }
`);

export const ENROLL_TOTP = graphql(`
    mutation EnrollTotp { enrollTotp { secret uri qrCode userErrors { code message } } }
`);

export const CONFIRM_TOTP = graphql(`
    mutation ConfirmTotp($input: ConfirmTotpInput!) {
        confirmTotp(input: $input) { recoveryCodes userErrors { code message } }
    }
`);

export const REMOVE_TOTP = graphql(`
    mutation RemoveTotp { removeTotp { removed userErrors { code message } } }
`);

export const REGENERATE_RECOVERY_CODES = graphql(`
    mutation RegenerateRecoveryCodes { regenerateRecoveryCodes { recoveryCodes userErrors { code message } } }
`);

export const BEGIN_REGISTRATION = graphql(`
    mutation BeginPasskeyRegistration { beginPasskeyRegistration { attempt options userErrors { code message } } }
`);

export const ADD_PASSKEY = graphql(`
    mutation AddPasskey($input: AddPasskeyInput!) {
        addPasskey(input: $input) { passkey { id } recoveryCodes userErrors { code message } }
    }
`);

export const UPDATE_PASSKEY = graphql(`
    mutation UpdatePasskey($input: UpdatePasskeyInput!) {
        updatePasskey(input: $input) { passkey { id name } userErrors { code message } }
    }
`);

export const REMOVE_PASSKEY = graphql(`
    mutation RemovePasskey($input: RemovePasskeyInput!) {
        removePasskey(input: $input) { removedId userErrors { code message } }
    }
`);

export const END_SESSION = graphql(`
    mutation EndSession($input: EndSessionInput!) {
        endSession(input: $input) { endedId userErrors { code message } }
    }
`);

export const END_ALL_SESSIONS = graphql(`
    mutation EndAllSessions($input: EndAllSessionsInput!) {
        endAllSessions(input: $input) { count userErrors { code message } }
    }
`);

export const LEAVE_ORGANIZATION = graphql(`
    mutation LeaveOrganization { leaveOrganization { left userErrors { code message } } }
`);
