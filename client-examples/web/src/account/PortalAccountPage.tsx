import { Trans } from "@lingui/react/macro";
import { PortalTitle } from "../portal/PortalTitle";
import { MyAccount } from "./MyAccount";

export const PortalAccountPage = () => (
    <>
        <PortalTitle>
            <Trans>My account</Trans>
        </PortalTitle>
        <MyAccount />
    </>
);
