import type { Cache, UpdateResolver, UpdatesConfig } from "@urql/exchange-graphcache";
import { accountUpdates } from "../account/updateAccount";
import { updateActivity } from "../activity/updateActivity";
import { apiKeyUpdates } from "../apikeys/updateApiKeys";
import { addCreated, changeTotals, removeDraft, updateMoney } from "../billing/updateMoney";
import { addPosted, addStarted, updateConversations } from "../conversations/updateConversations";
import { updateClients } from "../dossiers/updateClients";
import { removeDeleted, updateDocuments } from "../documents/updateDocuments";
import { trashUpdates } from "../documents/updateTrash";
import { peopleUpdates } from "../people/updatePeople";
import { siteUpdates } from "../sites/updateSites";
import { addSubmitted, readComments, updateQueue } from "../validation/updateQueue";
import type { DossierEvent } from "./events";
import { removeSubject } from "./removeSubject";

/** Changes the cached lists after an event. The cache has already stored the fields of the event's subject. */
type Update = (event: DossierEvent, cache: Cache) => void;

const UPDATES: Update[] = [updateQueue, updateClients, updateDocuments, updateMoney, updateConversations, updateActivity];

const dossierEvents: UpdateResolver = (result, _, cache) => {
    const event = result.dossierEvents as DossierEvent;
    if (event.type === "REMOVED" && event.subjectId) removeSubject(cache, event.subjectId);
    for (const update of UPDATES) update(event, cache);
};

/** The updates of cached lists: by events, and by mutations that create something. */
export const updates: UpdatesConfig = {
    Subscription: { dossierEvents },
    Mutation: {
        submitValidationRequest: addSubmitted,
        commentOnValidationRequest: readComments,
        deleteDocument: removeDeleted,
        createQuote: addCreated,
        createInvoice: addCreated,
        convertQuoteToInvoice: addCreated,
        createCreditNote: addCreated,
        deleteDraft: removeDraft,
        issueInvoice: changeTotals,
        issueCreditNote: changeTotals,
        recordPayment: changeTotals,
        reversePayment: changeTotals,
        ...trashUpdates,
        ...accountUpdates,
        ...peopleUpdates,
        ...siteUpdates,
        ...apiKeyUpdates,
        postMessage: addPosted,
        startConversation: addStarted,
    },
};
