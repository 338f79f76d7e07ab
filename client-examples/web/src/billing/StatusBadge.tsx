import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconClock, IconClockOff, IconPencil, IconSend, type Icon } from "@tabler/icons-react";
import { Chip } from "../theme/Chip";
import type { CreditNoteRow, InvoiceRow, QuoteRow } from "./rows";

type Status = [MessageDescriptor, Icon, "approved" | "waiting" | "overdue" | "plain"];

const DRAFT: Status = [msg`Draft`, IconPencil, "plain"];

const QUOTE: Record<QuoteRow["status"], Status> = {
    DRAFT,
    ISSUED: [msg`Waits for an answer`, IconClock, "waiting"],
    ACCEPTED: [msg`Accepted`, IconCircleCheck, "approved"],
    REFUSED: [msg`Refused`, IconCircleX, "overdue"],
};
const EXPIRED: Status = [msg`Expired`, IconClockOff, "plain"];

const INVOICE: Record<InvoiceRow["status"], Status> = {
    DRAFT,
    ISSUED: [msg`To be paid`, IconClock, "waiting"],
    PARTIALLY_PAID: [msg`Partly paid`, IconClock, "waiting"],
    PAID: [msg`Settled`, IconCircleCheck, "approved"],
};
const OVERDUE: Status = [msg`Overdue`, IconAlertTriangle, "overdue"];

const CREDIT_NOTE: Record<CreditNoteRow["status"], Status> = { DRAFT, ISSUED: [msg`Issued`, IconSend, "plain"] };

function Badge({ status: [label, icon, tone] }: { status: Status }) {
    const { i18n } = useLingui();
    return (
        <Chip icon={icon} tone={tone}>
            {i18n._(label)}
        </Chip>
    );
}

export const QuoteStatus = ({ quote }: { quote: Pick<QuoteRow, "status" | "expired"> }) => (
    <Badge status={quote.expired ? EXPIRED : QUOTE[quote.status]} />
);

export const InvoiceStatus = ({ invoice }: { invoice: Pick<InvoiceRow, "status" | "overdue"> }) => (
    <Badge status={invoice.overdue ? OVERDUE : INVOICE[invoice.status]} />
);

export const CreditNoteStatus = ({ creditNote }: { creditNote: Pick<CreditNoteRow, "status"> }) => (
    <Badge status={CREDIT_NOTE[creditNote.status]} />
);
