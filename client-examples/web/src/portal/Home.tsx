import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { InvoiceRow, QuoteRow } from "../billing/rows";
import type { Conversation } from "../conversations/queries";
import type { MyDocument } from "../documents/queries";
import type { MyRequest } from "../requests/queries";
import { LabSections } from "./LabSections";
import { OneSections } from "./OneSections";
import { PortalTitle } from "./PortalTitle";
import type { Track } from "./tracks";
import { Waiting } from "./Waiting";

/** The lists of the home page. Undefined while they are read. */
export interface HomeLists {
    /** All documents, the newest first. */
    documents: MyDocument[] | undefined;
    /** All requests, the last changed first. */
    requests: MyRequest[] | undefined;
    /** All conversations, the last active first. */
    conversations: Conversation[] | undefined;
    /** Those with unread messages. */
    unread: Conversation[];
    /** The quotes that wait for an answer. */
    quotes: QuoteRow[] | undefined;
    /** The unpaid invoices, the oldest due day first. */
    invoices: InvoiceRow[] | undefined;
}

interface Props {
    firstName?: string | undefined;
    track: Track;
    lists: HomeLists;
    /** What the client can begin here. The preview has nothing of that. */
    actions?: ReactNode;
}

/** The home page: first what waits for the client, and then what their track is about. */
export const Home = ({ firstName, track, lists, actions }: Props) => (
    <>
        <PortalTitle>{firstName ? <Trans>Hello {firstName}</Trans> : <Trans>Hello</Trans>}</PortalTitle>
        {track === "ONE" && actions}
        <Waiting {...lists} />
        {track === "LAB" ? <LabSections {...lists} /> : <OneSections {...lists} />}
    </>
);
