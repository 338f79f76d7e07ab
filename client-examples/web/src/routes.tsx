import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { validateActivitySearch } from "./activity/search";
import { validateAsClientSearch } from "./asClient/search";
import { validateAuditSearch } from "./audit/search";
import { validateInviteSearch, validatePeopleSearch } from "./people/search";
import { validateMessagesSearch, validateNewSearch } from "./conversations/search";
import { NotFoundPage } from "./states/NotFoundPage";
import { PageError } from "./states/PageError";
import { PageSkeleton } from "./states/PageSkeleton";
import { validateQueueSearch } from "./validation/search";
import { validateClientsSearch } from "./dossiers/search";
import { validateDocumentSearch } from "./documents/search";
import { validateMoneySearch, type MoneySearch } from "./money/search";
import { withSettingsTexts } from "./text/language";
import { SignedIn } from "./viewer/SignedIn";
import { StartPage } from "./viewer/StartPage";

/** A page whose texts are those of the settings. */
const settingsPage: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(() => withSettingsTexts(load), name);

const root = createRootRoute({ notFoundComponent: NotFoundPage });

// The pages behind the links of mails.
const resetPassword = createRoute({
    getParentRoute: () => root,
    path: "/reset-password",
    component: lazyRouteComponent(() => import("./session/PasswordResetPage"), "PasswordResetPage"),
});
const confirmEmail = createRoute({
    getParentRoute: () => root,
    path: "/confirm-email",
    component: lazyRouteComponent(() => import("./session/EmailChangePage"), "EmailChangePage"),
});
const invitation = createRoute({
    getParentRoute: () => root,
    path: "/invitation",
    component: lazyRouteComponent(() => import("./session/InvitationPage"), "InvitationPage"),
});

const app = createRoute({ getParentRoute: () => root, id: "app", component: SignedIn });
const start = createRoute({ getParentRoute: () => app, path: "/", component: StartPage });

// The hub.
const hub = createRoute({
    getParentRoute: () => app,
    id: "hub",
    component: lazyRouteComponent(() => import("./hub/HubShell"), "HubShell"),
});
const validation = createRoute({
    getParentRoute: () => hub,
    path: "/validation",
    validateSearch: validateQueueSearch,
    component: lazyRouteComponent(() => import("./validation/QueuePage"), "QueuePage"),
});
const request = createRoute({
    getParentRoute: () => validation,
    path: "$requestId",
    component: lazyRouteComponent(() => import("./validation/RequestPage"), "RequestPage"),
});
const dossiers = createRoute({
    getParentRoute: () => hub,
    path: "/dossiers",
    validateSearch: validateClientsSearch,
    component: lazyRouteComponent(() => import("./dossiers/ClientsPage"), "ClientsPage"),
});
const dossier = createRoute({
    getParentRoute: () => dossiers,
    path: "$clientId",
    component: lazyRouteComponent(() => import("./dossiers/ClientPage"), "ClientPage"),
});
const dossierAsClient = createRoute({
    getParentRoute: () => dossiers,
    path: "$clientId/as-client",
    validateSearch: validateAsClientSearch,
    component: lazyRouteComponent(() => import("./asClient/AsClientPage"), "AsClientPage"),
});
const dossierOverview = createRoute({
    getParentRoute: () => dossier,
    path: "/",
    component: lazyRouteComponent(() => import("./dossiers/OverviewTab"), "OverviewTab"),
});
const dossierFiles = createRoute({
    getParentRoute: () => dossier,
    path: "files",
    component: lazyRouteComponent(() => import("./documents/FilesTab"), "FilesTab"),
});
const dossierFilesStart = createRoute({
    getParentRoute: () => dossierFiles,
    path: "/",
    component: lazyRouteComponent(() => import("./documents/ZoneRedirect"), "ZoneRedirect"),
});
const dossierTrash = createRoute({
    getParentRoute: () => dossierFiles,
    path: "trash",
    component: lazyRouteComponent(() => import("./documents/TrashPage"), "TrashPage"),
});
const dossierZone = createRoute({
    getParentRoute: () => dossierFiles,
    path: "$zone",
    component: lazyRouteComponent(() => import("./documents/ZonePage"), "ZonePage"),
});
const dossierDocument = createRoute({
    getParentRoute: () => dossierZone,
    path: "$documentId",
    validateSearch: validateDocumentSearch,
    component: lazyRouteComponent(() => import("./documents/DocumentPanel"), "DocumentPanel"),
});
const dossierRequests = createRoute({
    getParentRoute: () => dossier,
    path: "requests",
    component: lazyRouteComponent(() => import("./validation/DossierRequestsTab"), "DossierRequestsTab"),
});
const dossierMoney = createRoute({
    getParentRoute: () => dossier,
    path: "money",
    component: lazyRouteComponent(() => import("./money/DossierMoneyTab"), "DossierMoneyTab"),
});
const dossierActivity = createRoute({
    getParentRoute: () => dossier,
    path: "activity",
    validateSearch: validateActivitySearch,
    component: lazyRouteComponent(() => import("./activity/DossierActivityTab"), "DossierActivityTab"),
});
const money = createRoute({
    getParentRoute: () => hub,
    path: "/money",
    validateSearch: validateMoneySearch,
    component: lazyRouteComponent(() => import("./money/MoneyPage"), "MoneyPage"),
});
/** The list beside an opened document has documents of its kind. Links from elsewhere do not say which. */
function showBeside(kind: NonNullable<MoneySearch["kind"]>, search: MoneySearch) {
    if (search.kind !== kind) throw redirect({ to: ".", search: { client: search.client, kind, state: "all" }, replace: true });
}

const quote = createRoute({
    getParentRoute: () => money,
    path: "quotes/$quoteId",
    beforeLoad: ({ search }) => showBeside("quotes", search),
    component: lazyRouteComponent(() => import("./money/QuotePage"), "QuotePage"),
});
const invoice = createRoute({
    getParentRoute: () => money,
    path: "invoices/$invoiceId",
    component: lazyRouteComponent(() => import("./money/InvoicePage"), "InvoicePage"),
});
const newCreditNote = createRoute({
    getParentRoute: () => money,
    path: "invoices/$invoiceId/credit",
    component: lazyRouteComponent(() => import("./money/NewCreditNotePage"), "NewCreditNotePage"),
});
const creditNote = createRoute({
    getParentRoute: () => money,
    path: "credit-notes/$creditNoteId",
    beforeLoad: ({ search }) => showBeside("creditNotes", search),
    component: lazyRouteComponent(() => import("./money/CreditNotePage"), "CreditNotePage"),
});
const activity = createRoute({
    getParentRoute: () => hub,
    path: "/activity",
    validateSearch: validateActivitySearch,
    component: lazyRouteComponent(() => import("./activity/ActivityPage"), "ActivityPage"),
});
const people = createRoute({
    getParentRoute: () => hub,
    path: "/people",
    validateSearch: validatePeopleSearch,
    component: settingsPage(() => import("./people/PeoplePage"), "PeoplePage"),
});
const invite = createRoute({
    getParentRoute: () => people,
    path: "invite",
    validateSearch: validateInviteSearch,
    component: settingsPage(() => import("./people/InvitePage"), "InvitePage"),
});
const member = createRoute({
    getParentRoute: () => people,
    path: "$memberId",
    component: settingsPage(() => import("./people/MemberPage"), "MemberPage"),
});
const settings = createRoute({
    getParentRoute: () => hub,
    path: "/settings",
    component: settingsPage(() => import("./settings/SettingsShell"), "SettingsShell"),
});
const organization = createRoute({
    getParentRoute: () => settings,
    path: "/",
    component: settingsPage(() => import("./settings/OrganizationPage"), "OrganizationPage"),
});
const sites = createRoute({
    getParentRoute: () => settings,
    path: "sites",
    component: settingsPage(() => import("./sites/SitesPage"), "SitesPage"),
});
const apiKeys = createRoute({
    getParentRoute: () => settings,
    path: "keys",
    component: settingsPage(() => import("./apikeys/ApiKeysPage"), "ApiKeysPage"),
});
const newApiKey = createRoute({
    getParentRoute: () => settings,
    path: "keys/new",
    component: settingsPage(() => import("./apikeys/NewApiKeyPage"), "NewApiKeyPage"),
});
const audit = createRoute({
    getParentRoute: () => settings,
    path: "audit",
    validateSearch: validateAuditSearch,
    component: settingsPage(() => import("./audit/AuditPage"), "AuditPage"),
});
const hubAccount = createRoute({
    getParentRoute: () => hub,
    path: "/account",
    component: settingsPage(() => import("./account/HubAccountPage"), "HubAccountPage"),
});
const dossierMessages = createRoute({
    getParentRoute: () => dossier,
    path: "messages",
    component: lazyRouteComponent(() => import("./conversations/DossierMessagesTab"), "DossierMessagesTab"),
});
const messages = createRoute({
    getParentRoute: () => hub,
    path: "/messages",
    validateSearch: validateMessagesSearch,
    component: lazyRouteComponent(() => import("./conversations/MessagesPage"), "MessagesPage"),
});
const newConversation = createRoute({
    getParentRoute: () => messages,
    path: "new",
    validateSearch: validateNewSearch,
    component: lazyRouteComponent(() => import("./conversations/NewConversationPage"), "NewConversationPage"),
});
const conversation = createRoute({
    getParentRoute: () => messages,
    path: "$conversationId",
    component: lazyRouteComponent(() => import("./conversations/ConversationPage"), "ConversationPage"),
});

// The portal.
const portal = createRoute({
    getParentRoute: () => app,
    path: "/portal",
    component: lazyRouteComponent(() => import("./portal/PortalShell"), "PortalShell"),
});
const portalHome = createRoute({
    getParentRoute: () => portal,
    path: "/",
    component: lazyRouteComponent(() => import("./portal/HomePage"), "HomePage"),
});
const portalDocuments = createRoute({
    getParentRoute: () => portal,
    path: "documents",
    component: lazyRouteComponent(() => import("./documents/MyDocumentsPage"), "MyDocumentsPage"),
});
const portalDocument = createRoute({
    getParentRoute: () => portal,
    path: "documents/$documentId",
    validateSearch: validateDocumentSearch,
    component: lazyRouteComponent(() => import("./documents/MyDocumentPage"), "MyDocumentPage"),
});
const portalRequests = createRoute({
    getParentRoute: () => portal,
    path: "requests",
    component: lazyRouteComponent(() => import("./requests/MyRequestsPage"), "MyRequestsPage"),
});
const portalRequest = createRoute({
    getParentRoute: () => portal,
    path: "requests/$requestId",
    component: lazyRouteComponent(() => import("./requests/MyRequestPage"), "MyRequestPage"),
});
const portalInvoices = createRoute({
    getParentRoute: () => portal,
    path: "invoices",
    component: lazyRouteComponent(() => import("./invoices/MyInvoicesPage"), "MyInvoicesPage"),
});
const portalInvoice = createRoute({
    getParentRoute: () => portal,
    path: "invoices/$invoiceId",
    component: lazyRouteComponent(() => import("./invoices/MyInvoicePage"), "MyInvoicePage"),
});
const portalQuote = createRoute({
    getParentRoute: () => portal,
    path: "quotes/$quoteId",
    component: lazyRouteComponent(() => import("./invoices/MyQuotePage"), "MyQuotePage"),
});
const portalCreditNote = createRoute({
    getParentRoute: () => portal,
    path: "credit-notes/$creditNoteId",
    component: lazyRouteComponent(() => import("./invoices/MyCreditNotePage"), "MyCreditNotePage"),
});
const portalAccount = createRoute({
    getParentRoute: () => portal,
    path: "account",
    component: settingsPage(() => import("./account/PortalAccountPage"), "PortalAccountPage"),
});
const portalMessages = createRoute({
    getParentRoute: () => portal,
    path: "messages",
    component: lazyRouteComponent(() => import("./conversations/MyMessagesPage"), "MyMessagesPage"),
});
const portalNewConversation = createRoute({
    getParentRoute: () => portal,
    path: "messages/new",
    component: lazyRouteComponent(() => import("./conversations/MyNewConversationPage"), "MyNewConversationPage"),
});
const portalConversation = createRoute({
    getParentRoute: () => portal,
    path: "messages/$conversationId",
    component: lazyRouteComponent(() => import("./conversations/MyConversationPage"), "MyConversationPage"),
});

const routeTree = root.addChildren([
    resetPassword,
    confirmEmail,
    invitation,
    app.addChildren([
        start,
        hub.addChildren([
            validation.addChildren([request]),
            dossiers.addChildren([
                dossierAsClient,
                dossier.addChildren([
                    dossierOverview,
                    dossierFiles.addChildren([dossierFilesStart, dossierTrash, dossierZone.addChildren([dossierDocument])]),
                    dossierRequests,
                    dossierMoney,
                    dossierMessages,
                    dossierActivity,
                ]),
            ]),
            money.addChildren([quote, invoice, newCreditNote, creditNote]),
            activity,
            people.addChildren([invite, member]),
            settings.addChildren([organization, sites, apiKeys, newApiKey, audit]),
            hubAccount,
            messages.addChildren([newConversation, conversation]),
        ]),
        portal.addChildren([
            portalHome,
            portalDocuments,
            portalDocument,
            portalRequests,
            portalRequest,
            portalInvoices,
            portalInvoice,
            portalQuote,
            portalCreditNote,
            portalAccount,
            portalMessages,
            portalNewConversation,
            portalConversation,
        ]),
    ]),
]);

export const router = createRouter({
    routeTree,
    defaultPreload: "intent",
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: PageError,
    scrollRestoration: true,
});

declare module "@tanstack/react-router" {
    interface Register {
        router: typeof router;
    }
}
