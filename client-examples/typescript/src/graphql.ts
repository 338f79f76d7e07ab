// Operations are typed from `schema.graphql`: `npm run build` reads it and fails on a field that is not there.
import { initGraphQLTada } from "gql.tada";
import type { introspection } from "./schema.js";

export const graphql = initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string } }>();
