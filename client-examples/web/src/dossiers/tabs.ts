import { msg } from "@lingui/core/macro";

/** The tabs of a dossier, in their order. */
export const TABS = [
    { to: "/dossiers/$clientId", label: msg`Overview` },
    { to: "/dossiers/$clientId/files", label: msg`Files` },
    { to: "/dossiers/$clientId/requests", label: msg`Requests` },
    { to: "/dossiers/$clientId/messages", label: msg`Messages` },
    { to: "/dossiers/$clientId/money", label: msg`Money`, hiddenFrom: "STAFF" },
    { to: "/dossiers/$clientId/activity", label: msg`Activity` },
] as const;
