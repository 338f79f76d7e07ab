import { graphql, type ResultOf, type VariablesOf } from "../graphql/graphql";

const apiKeyRow = graphql(`
    fragment ApiKeyRow on ApiKey {
        id
        name
        tokenStart
        status
        scopes
        networks
        createdAt
        expiresAt
        revokedAt
        lastUsedAt
        lastNetwork
        creator { displayName }
        site { id name }
    }
`);

export const API_KEYS = graphql(
    `
        query ApiKeys($after: String) {
            apiKeys(first: 25, after: $after) {
                nodes { ...ApiKeyRow }
                pageInfo { hasNextPage endCursor }
            }
        }
    `,
    [apiKeyRow],
);

export type ApiKey = ResultOf<typeof API_KEYS>["apiKeys"]["nodes"][number];
export type Scope = ApiKey["scopes"][number];

export const CREATE_API_KEY = graphql(
    `
        mutation CreateApiKey($input: CreateApiKeyInput!) {
            createApiKey(input: $input) { token apiKey { ...ApiKeyRow } userErrors { code message } }
        }
    `,
    [apiKeyRow],
);

export type CreateApiKeyInput = VariablesOf<typeof CREATE_API_KEY>["input"];

export const REVOKE_API_KEY = graphql(`
    mutation RevokeApiKey($input: RevokeApiKeyInput!) {
        revokeApiKey(input: $input) { apiKey { id status revokedAt } userErrors { code message } }
    }
`);
