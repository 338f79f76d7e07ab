import { Trans } from "@lingui/react/macro";
import { Button, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ResultOf } from "../graphql/graphql";
import { AccountPage } from "./AccountPage";
import { CONFIRM_EMAIL_CHANGE } from "./operations";
import { post } from "./post";

type Step = ResultOf<typeof CONFIRM_EMAIL_CHANGE>["confirmEmailChange"]["step"];

/** The page behind the links of two mails: `/confirm-email#TOKEN`. */
export function EmailChangePage() {
    const [token] = useState(() => location.hash.slice(1));
    const [step, setStep] = useState<Step>(null);
    const [error, setError] = useState<string>();
    const confirm = async () => {
        try {
            const { confirmEmailChange } = await post(CONFIRM_EMAIL_CHANGE, { input: { token } });
            setError(confirmEmailChange.userErrors[0]?.message);
            setStep(confirmEmailChange.step);
        } catch (cause) {
            setError((cause as Error).message);
        }
    };
    return (
        <AccountPage title={<Trans>Change of address</Trans>}>
            <Stack>
                {step === "NEW_ADDRESS" && <Trans>Now open the link in the mail to your new address.</Trans>}
                {step === "CHANGED" && (
                    <>
                        <Trans>Your address is changed. Sign in with the new one.</Trans>
                        <Button size="md" renderRoot={(props) => <Link to="/" {...props} />}>
                            <Trans>Sign in</Trans>
                        </Button>
                    </>
                )}
                {!step && (
                    <Button size="md" onClick={() => void confirm()}>
                        <Trans>Confirm the change</Trans>
                    </Button>
                )}
                {error && (
                    <Text c="var(--overdue)" role="alert">
                        {error}
                    </Text>
                )}
            </Stack>
        </AccountPage>
    );
}
