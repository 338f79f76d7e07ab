import { useLingui } from "@lingui/react/macro";
import { HubPage } from "../hub/HubPage";
import { MyAccount } from "./MyAccount";

export function HubAccountPage() {
    const { t } = useLingui();
    return (
        <HubPage title={t`My account`}>
            <MyAccount />
        </HubPage>
    );
}
