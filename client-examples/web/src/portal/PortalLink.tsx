import { Link } from "@tanstack/react-router";
import { createContext, useContext, type ReactNode } from "react";

type Target =
    | { to: "/portal/documents/$documentId"; params: { documentId: string } }
    | { to: "/portal/requests/$requestId"; params: { requestId: string } }
    | { to: "/portal/quotes/$quoteId"; params: { quoteId: string } }
    | { to: "/portal/invoices/$invoiceId"; params: { invoiceId: string } }
    | { to: "/portal/credit-notes/$creditNoteId"; params: { creditNoteId: string } };

const PreviewContext = createContext(false);

/** Shows the rows of the portal to the agency, without links and buttons. */
export const PreviewProvider = PreviewContext.Provider;

/** Whether somebody of the agency looks at the portal of a client. */
export const useIsPreview = () => useContext(PreviewContext);

/** A link to a page of the portal. In the preview, which has no such pages, it is a text. */
export function PortalLink({ target, className, children }: { target: Target; className: string | undefined; children: ReactNode }) {
    if (useIsPreview()) return <div className={className}>{children}</div>;
    return (
        <Link {...target} className={className}>
            {children}
        </Link>
    );
}
