import { Trans } from "@lingui/react/macro";
import { Avatar, Button, Stack, Text } from "@mantine/core";
import { accentOf } from "../theme/accent";
import { AccountPage } from "./AccountPage";
import type { Choice } from "./useSignIn";

interface Props {
    choices: Choice[];
    busy: boolean;
    error: string | undefined;
    onChoose: (membershipId: string) => void;
}

/** Lets a person with several memberships choose one. */
export function OrganizationChoice({ choices, busy, error, onChoose }: Props) {
    return (
        <AccountPage title={<Trans>Choose the agency</Trans>} subtitle={<Trans>You can change it later.</Trans>}>
            <Stack gap="xs">
                {choices.map(({ organization, membershipId }) => (
                    <Button
                        key={membershipId}
                        variant="default"
                        size="lg"
                        justify="flex-start"
                        disabled={busy}
                        leftSection={<Avatar size="sm" radius="sm" color={accentOf(organization)} name={organization} />}
                        onClick={() => onChoose(membershipId)}
                    >
                        {organization}
                    </Button>
                ))}
                {error && (
                    <Text c="var(--overdue)" role="alert">
                        {error}
                    </Text>
                )}
            </Stack>
        </AccountPage>
    );
}
