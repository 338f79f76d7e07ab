import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useSend } from "../graphql/useSend";
import { FormError } from "../states/FormError";
import { notifyDone } from "../states/notify";
import { useViewer } from "../viewer/ViewerContext";
import { grantInput, isComplete, ROLES, type Grant } from "./grant";
import { GrantFields } from "./GrantFields";
import classes from "./People.module.css";
import { PersonHead } from "./PersonHead";
import { INVITE_MEMBER } from "./queries";

const route = getRouteApi("/app/hub/people/invite");

/** Invites somebody by mail: to the agency, or to a dossier. */
export function InvitePage() {
    const { t } = useLingui();
    const { show, dossier } = route.useSearch();
    const owner = useViewer().role === "OWNER";
    const navigate = useNavigate();
    const { submit, busy, error } = useSend();
    const [email, setEmail] = useState("");
    const [displayName, setDisplayName] = useState("");
    const [locale, setLocale] = useState("");
    const [grant, setGrant] = useState<Grant>({
        role: owner && show !== "clients" && !dossier ? "OPERATOR" : "CLIENT",
        siteIds: [],
        clientId: dossier ?? null,
    });
    const invite = async (event: FormEvent) => {
        event.preventDefault();
        const input = {
            email: email.trim(),
            ...(displayName.trim() && { displayName: displayName.trim() }),
            ...(locale && { locale }),
            ...grantInput(grant),
        };
        if (!(await submit(INVITE_MEMBER, { input }))) return;
        notifyDone(t`The invitation is on its way to ${input.email}.`);
        await navigate({ to: "/people", search: { show: "invitations" } });
    };
    return (
        <article>
            <PersonHead title={<Trans>Invite somebody</Trans>} />
            <div className={classes.body}>
                <form onSubmit={(event) => void invite(event)}>
                    <Stack maw={480} pt="lg">
                        <TextInput
                            type="email"
                            label={t`Email address`}
                            description={t`The link works once, for 7 days, and only for this address.`}
                            required
                            withAsterisk={false}
                            autoFocus
                            autoComplete="off"
                            value={email}
                            onChange={(event) => setEmail(event.currentTarget.value)}
                        />
                        <TextInput
                            label={t`Name (optional)`}
                            maxLength={200}
                            autoComplete="off"
                            value={displayName}
                            onChange={(event) => setDisplayName(event.currentTarget.value)}
                        />
                        <GrantFields value={grant} roles={owner ? ROLES : ["CLIENT"]} onChange={setGrant} />
                        <NativeSelect
                            label={t`Language of the mail`}
                            value={locale}
                            onChange={(event) => setLocale(event.currentTarget.value)}
                            data={[
                                { value: "", label: t`As the organization` },
                                { value: "fr-FR", label: "Français" },
                                { value: "en-GB", label: "English" },
                            ]}
                        />
                        <FormError>{error}</FormError>
                        <Group justify="flex-end">
                            <Button type="submit" disabled={!isComplete(grant)} loading={busy}>
                                <Trans>Send the invitation</Trans>
                            </Button>
                        </Group>
                    </Stack>
                </form>
            </div>
        </article>
    );
}
