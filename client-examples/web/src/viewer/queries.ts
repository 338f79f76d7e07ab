import { graphql, type ResultOf } from "../graphql/graphql";

export const VIEWER = graphql(`
    query Viewer {
        viewer {
            id
            displayName
            email
            role
            locale
            cursor
            factorRequired
            member { id }
            client { id name track }
            organization { id name slug timeZone currency accentColor portals { track name accentColor logo } }
        }
    }
`);

export type Viewer = NonNullable<ResultOf<typeof VIEWER>["viewer"]>;
