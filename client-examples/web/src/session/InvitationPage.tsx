import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState, type FormEvent } from "react";
import type { ResultOf } from "../graphql/graphql";
import { AccountPage } from "./AccountPage";
import { CodeForm } from "./CodeForm";
import { ACCEPT_INVITATION, OPEN_INVITATION } from "./operations";
import { post } from "./post";
import { session } from "./session";
import { useSignIn } from "./useSignIn";

type Invitation = NonNullable<ResultOf<typeof OPEN_INVITATION>["openInvitation"]["invitation"]>;

/** The page behind the link of a mail: `/invitation#TOKEN`. */
export function InvitationPage() {
    const { t } = useLingui();
    const navigate = useNavigate();
    const [token] = useState(() => location.hash.slice(1));
    const [invitation, setInvitation] = useState<Invitation>();
    const [displayName, setDisplayName] = useState("");
    const signIn = useSignIn({ name: "password" });
    const { step, error, busy, password, setPassword, run, proceed } = signIn;

    useEffect(() => {
        void run(async () => {
            const { openInvitation } = await post(OPEN_INVITATION, { input: { token } });
            if (!openInvitation.invitation) throw new Error(openInvitation.userErrors[0]?.message);
            setInvitation(openInvitation.invitation);
            setDisplayName(openInvitation.invitation.displayName ?? "");
        });
        // Opens the invitation of the page's address once.
        // eslint-disable-next-line react-hooks/exhaustive-deps
    }, [token]);

    const accept = (event: FormEvent) => {
        event.preventDefault();
        void run(async () => {
            const input = { token, password, refreshTokenDelivery: "COOKIE" as const };
            const name = invitation?.hasAccount ? {} : { displayName };
            proceed((await post(ACCEPT_INVITATION, { input: { ...input, ...name } })).acceptInvitation);
            if (session.state.status === "signedIn") await navigate({ to: "/" });
        });
    };
    if (step.name === "code") {
        const enter = () => session.state.status === "signedIn" && void navigate({ to: "/" });
        return <CodeForm challenge={step.challenge} signIn={signIn} onDone={enter} />;
    }
    if (!invitation) return <AccountPage title={<Trans>Invitation</Trans>}>{error ?? <Trans>Opening…</Trans>}</AccountPage>;
    const { organizationName, inviterName, email, hasAccount } = invitation;
    return (
        <AccountPage title={organizationName} subtitle={<Trans>{inviterName} invites you.</Trans>}>
            <form onSubmit={accept}>
                <Stack>
                    <TextInput size="md" label={t`Email address`} value={email} readOnly variant="filled" autoComplete="username" />
                    {!hasAccount && (
                        <TextInput
                            size="md"
                            label={t`Your name`}
                            autoComplete="name"
                            value={displayName}
                            onChange={(event) => setDisplayName(event.currentTarget.value)}
                        />
                    )}
                    <PasswordInput
                        size="md"
                        label={hasAccount ? t`Password of your account` : t`New password`}
                        description={hasAccount ? undefined : t`At least 12 characters.`}
                        autoComplete={hasAccount ? "current-password" : "new-password"}
                        required
                        withAsterisk={false}
                        value={password}
                        error={error}
                        onChange={(event) => setPassword(event.currentTarget.value)}
                    />
                    <Button type="submit" size="md" loading={busy}>
                        <Trans>Accept the invitation</Trans>
                    </Button>
                </Stack>
            </form>
        </AccountPage>
    );
}
