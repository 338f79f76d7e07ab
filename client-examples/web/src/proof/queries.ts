import { graphql } from "../graphql/graphql";

export const FACTORS = graphql(`
    query Factors {
        viewer {
            id
            totpEnabled
            recoveryCodesLeft
            passkeys { id }
        }
    }
`);

export const CONFIRM_IDENTITY = graphql(`
    mutation ConfirmIdentity($input: ConfirmIdentityInput!) {
        confirmIdentity(input: $input) { confirmed userErrors { code message } }
    }
`);
