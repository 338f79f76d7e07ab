import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { AsClientSearch } from "../asClient/search";
import { useUnreadCount } from "../conversations/useConversations";
import { IconChecks, IconFileInvoice, IconFiles, IconHome, IconMessages, type Icon } from "@tabler/icons-react";

interface Entry {
    to: "/portal" | "/portal/documents" | "/portal/requests" | "/portal/messages" | "/portal/invoices";
    /** The same page in the preview of the agency. Home has no name. */
    page?: AsClientSearch["page"];
    label: MessageDescriptor;
    icon: Icon;
    /** Returns the number of things that wait. */
    useCount?: () => number;
}

/** The pages of the portal, in the order of the bar. */
export const NAVIGATION: Entry[] = [
    { to: "/portal", label: msg`Home`, icon: IconHome },
    { to: "/portal/documents", page: "documents", label: msg`Documents`, icon: IconFiles },
    { to: "/portal/requests", page: "requests", label: msg`Requests`, icon: IconChecks },
    { to: "/portal/messages", page: "messages", label: msg`Messages`, icon: IconMessages, useCount: useUnreadCount },
    { to: "/portal/invoices", page: "invoices", label: msg`Invoices`, icon: IconFileInvoice },
];
