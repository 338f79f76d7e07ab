import { graphql, type ResultOf } from "../graphql/graphql";

export const SITES = graphql(`
    query Sites {
        viewer {
            id
            sites(first: 100) { nodes { id name closed } }
        }
    }
`);

export type Site = NonNullable<ResultOf<typeof SITES>["viewer"]>["sites"]["nodes"][number];

export const ADD_SITE = graphql(`
    mutation AddSite($input: AddSiteInput!) {
        addSite(input: $input) { site { id name closed } userErrors { code message } }
    }
`);

export const UPDATE_SITE = graphql(`
    mutation UpdateSite($input: UpdateSiteInput!) {
        updateSite(input: $input) { site { id name closed } userErrors { code message } }
    }
`);
