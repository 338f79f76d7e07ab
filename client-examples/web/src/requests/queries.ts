import { graphql, type ResultOf } from "../graphql/graphql";
import { requestRow } from "../validation/queries";

export const DOSSIER_REQUESTS = graphql(
    `
        query DossierRequests($clientId: ID!, $after: String) {
            validationRequests(first: 100, after: $after, filter: { clientId: $clientId }, orderBy: UPDATED_AT_DESC) {
                nodes { ...RequestRow }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [requestRow],
);

export type MyRequest = ResultOf<typeof DOSSIER_REQUESTS>["validationRequests"]["nodes"][number];

export const SUBMIT = graphql(
    `
        mutation Submit($input: SubmitValidationRequestInput!) {
            submitValidationRequest(input: $input) {
                validationRequest { ...RequestRow }
                userErrors { code message }
            }
        }
    `,
    [requestRow],
);

export const RESUBMIT = graphql(
    `
        mutation Resubmit($input: ResubmitValidationRequestInput!) {
            resubmitValidationRequest(input: $input) {
                validationRequest { ...RequestRow }
                userErrors { code message }
            }
        }
    `,
    [requestRow],
);

export const CANCEL = graphql(
    `
        mutation CancelRequest($input: CancelValidationRequestInput!) {
            cancelValidationRequest(input: $input) {
                validationRequest { ...RequestRow }
                userErrors { code message }
            }
        }
    `,
    [requestRow],
);
