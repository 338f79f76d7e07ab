import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ZONES, type Zone } from "../documents/zones";
import { useViewer } from "../viewer/ViewerContext";
import classes from "./Request.module.css";

// The same things have a page in the hub and another one in the portal.

interface Props {
    id: string;
    children: ReactNode;
}

const useIsPortal = () => useViewer().role === "CLIENT";

export function RequestLink({ id, children }: Props) {
    const to = useIsPortal() ? "/portal/requests/$requestId" : "/validation/$requestId";
    return (
        <Link to={to} params={{ requestId: id }} className={classes.link}>
            {children}
        </Link>
    );
}

export function QuoteLink({ id, children }: Props) {
    const isPortal = useIsPortal();
    return (
        <Link
            {...(isPortal ? { to: "/portal/quotes/$quoteId" } : { to: "/money/quotes/$quoteId", search: { kind: "quotes", state: "all" } })}
            params={{ quoteId: id }}
            className={classes.link}
        >
            {children}
        </Link>
    );
}

export function ConversationLink({ id, children }: Props) {
    const to = useIsPortal() ? "/portal/messages/$conversationId" : "/messages/$conversationId";
    return (
        <Link to={to} params={{ conversationId: id }} className={classes.link}>
            {children}
        </Link>
    );
}

/** Leads to a version of a document. In the hub, its page is part of the dossier. */
export function VersionLink({ id, zone, number, clientId, children }: Props & { zone: Zone; number: number; clientId: string | undefined }) {
    const search = { version: number };
    if (useIsPortal()) {
        return (
            <Link to="/portal/documents/$documentId" params={{ documentId: id }} search={search} className={classes.link}>
                {children}
            </Link>
        );
    }
    if (!clientId) return <>{children}</>;
    const { slug } = ZONES.find((entry) => entry.zone === zone)!;
    return (
        <Link
            to="/dossiers/$clientId/files/$zone/$documentId"
            params={{ clientId, zone: slug, documentId: id }}
            search={search}
            className={classes.link}
        >
            {children}
        </Link>
    );
}
