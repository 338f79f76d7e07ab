import { POST_MESSAGE, START_CONVERSATION } from "../conversations/queries";
import type { ResultOf, VariablesOf } from "../graphql/graphql";
import { SUBMIT } from "../requests/queries";
import { APPROVE, REJECT, REQUEST_CHANGES } from "../validation/queries";

/** The mutations that survive a lost network and a closed page. */
export const OPERATIONS = {
    postMessage: POST_MESSAGE,
    startConversation: START_CONVERSATION,
    submitRequest: SUBMIT,
    approve: APPROVE,
    reject: REJECT,
    requestChanges: REQUEST_CHANGES,
};

export type Kind = keyof typeof OPERATIONS;

export type InputOf<K extends Kind> = VariablesOf<(typeof OPERATIONS)[K]>["input"];

type FieldOf<Result> = Result[keyof Result];

export type PayloadOf<K extends Kind> = FieldOf<ResultOf<(typeof OPERATIONS)[K]>>;
