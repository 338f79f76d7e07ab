import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { PortalTitle } from "../portal/PortalTitle";
import classes from "../requests/MyRequestPage.module.css";
import { useViewer } from "../viewer/ViewerContext";
import { NewConversationForm } from "./NewConversationForm";

/** A new conversation of the client with the agency. */
export function MyNewConversationPage() {
    const { t } = useLingui();
    useDocumentTitle(t`New conversation`);
    const navigate = useNavigate();
    const clientId = useViewer().client!.id;
    const open = (conversationId?: string) =>
        void (conversationId
            ? navigate({ to: "/portal/messages/$conversationId", params: { conversationId } })
            : navigate({ to: "/portal/messages" }));
    return (
        <>
            <Anchor renderRoot={(props) => <Link to="/portal/messages" {...props} />} fz="sm" className={classes.back}>
                <IconArrowLeft size={16} aria-hidden /> <Trans>Messages</Trans>
            </Anchor>
            <PortalTitle>
                <Trans>Write to the agency</Trans>
            </PortalTitle>
            <NewConversationForm clientId={clientId} onDone={open} />
        </>
    );
}
