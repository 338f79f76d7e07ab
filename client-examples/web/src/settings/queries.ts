import { graphql, type FragmentOf, type VariablesOf } from "../graphql/graphql";

const settings = graphql(`
    fragment Settings on Organization {
        id
        name
        slug
        accentColor
        legalName
        address
        registrationNumber
        vatNumber
        legalNotice
        locale
        timeZone
        currency
        fourEyes
        requiredFactorRoles
        eventDays
        trashDays
        zoneRetention { zone days }
        revision
        storageUsed
        storageLimit
        portals { track name accentColor logo }
    }
`);

export type Settings = FragmentOf<typeof settings>;

export const SETTINGS = graphql(`query Settings { viewer { id organization { ...Settings } } }`, [settings]);

export const UPDATE_ORGANIZATION = graphql(
    `
        mutation UpdateOrganization($input: UpdateOrganizationInput!) {
            updateOrganization(input: $input) { organization { ...Settings } userErrors { code message } }
        }
    `,
    [settings],
);

export type SettingsInput = VariablesOf<typeof UPDATE_ORGANIZATION>["input"];
