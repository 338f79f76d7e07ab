import { useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "urql";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { Sections } from "../theme/Section";
import { useViewer } from "../viewer/ViewerContext";
import { EmailSection } from "./EmailSection";
import { FactorSection } from "./FactorSection";
import { MembershipsSection } from "./MembershipsSection";
import { PasskeysSection } from "./PasskeysSection";
import { PasswordSection } from "./PasswordSection";
import { ProfileSection } from "./ProfileSection";
import { ACCOUNT } from "./queries";
import { SessionsSection } from "./SessionsSection";
import { ShortcutsSection } from "./ShortcutsSection";

/** The settings of a person's own account, in the hub and in the portal. */
export function MyAccount() {
    const { t } = useLingui();
    const { role } = useViewer();
    useDocumentTitle(t`My account`);
    const [{ data, error }, read] = useQuery({ query: ACCOUNT, requestPolicy: "cache-and-network" });
    const account = data?.viewer;
    if (error && !account) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!account) return <PageSkeleton />;
    return (
        <Sections>
            <ProfileSection account={account} />
            <EmailSection account={account} />
            <PasswordSection account={account} />
            <PasskeysSection account={account} />
            <FactorSection account={account} />
            <SessionsSection />
            {role !== "CLIENT" && <ShortcutsSection />}
            <MembershipsSection />
        </Sections>
    );
}
