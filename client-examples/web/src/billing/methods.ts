import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Payment } from "./queries";

export const METHODS: Record<Payment["method"], MessageDescriptor> = {
    TRANSFER: msg`Transfer`,
    CARD: msg`Card`,
    DIRECT_DEBIT: msg`Direct debit`,
    CHEQUE: msg`Cheque`,
    CASH: msg`Cash`,
};
