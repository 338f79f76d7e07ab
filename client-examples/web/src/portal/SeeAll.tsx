import { Trans } from "@lingui/react/macro";
import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useIsPreview } from "./PortalLink";

interface Props {
    to: "/portal/documents" | "/portal/requests" | "/portal/messages";
    shown: number;
    total: number;
}

/** Leads to the whole list, if there are further rows. */
export function SeeAll({ to, shown, total }: Props) {
    if (useIsPreview() || total <= shown) return null;
    return (
        <Anchor fz="sm" renderRoot={(props) => <Link to={to} {...props} />}>
            <Trans>Show all</Trans>
        </Anchor>
    );
}
