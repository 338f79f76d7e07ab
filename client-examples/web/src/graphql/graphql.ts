// Operations are typed from `schema.graphql`. The type check fails on a field that does not exist.
import { initGraphQLTada } from "gql.tada";
import type { introspection } from "./schema";

export const graphql = initGraphQLTada<{
    introspection: introspection;
    disableMasking: true;
    scalars: { DateTime: string; Date: string; Decimal: string; ByteCount: number };
}>();

export type { FragmentOf, ResultOf, VariablesOf } from "gql.tada";
