import { Trans } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import type { InvoiceRow, QuoteRow } from "../billing/rows";
import type { Conversation } from "../conversations/queries";
import type { MyDocument } from "../documents/queries";
import type { MyRequest } from "../requests/queries";
import { ListSkeleton } from "../states/ListSkeleton";
import { Card } from "../theme/Card";
import { LabSections } from "./LabSections";
import { OneSections } from "./OneSections";
import { PortalTitle } from "./PortalTitle";
import type { Track } from "./tracks";
import { Waiting } from "./Waiting";

/** The lists of the home page. */
export interface HomeLists {
    /** All documents, the newest first. */
    documents: MyDocument[];
    /** All requests, the last changed first. */
    requests: MyRequest[];
    /** All conversations, the last active first. */
    conversations: Conversation[];
    /** Those with unread messages. */
    unread: Conversation[];
    /** The quotes that wait for an answer. */
    quotes: QuoteRow[];
    /** The unpaid invoices, the oldest due day first. */
    invoices: InvoiceRow[];
}

interface Props {
    firstName?: string | undefined;
    track: Track;
    /** Undefined while they are read. The page then has a shape of its own, because their lengths are not known. */
    lists: HomeLists | undefined;
    /** What the client can begin here. The preview has nothing of that. */
    actions?: ReactNode;
}

/** The home page: first what waits for the client, and then what their track is about. */
export const Home = ({ firstName, track, lists, actions }: Props) => (
    <>
        <PortalTitle>{firstName ? <Trans>Hello {firstName}</Trans> : <Trans>Hello</Trans>}</PortalTitle>
        {track === "ONE" && actions}
        {lists ? (
            <>
                <Waiting {...lists} />
                {track === "LAB" ? <LabSections {...lists} /> : <OneSections {...lists} />}
            </>
        ) : (
            <>
                <CardSkeleton rows={2} />
                <CardSkeleton rows={4} />
            </>
        )}
    </>
);

const CardSkeleton = ({ rows }: { rows: number }) => (
    <Card title={<Skeleton h={12} w={110} my={4} />}>
        <ListSkeleton rows={rows} height={68} />
    </Card>
);
