import { Trans } from "@lingui/react/macro";
import { Button, Divider, Group, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { notifyFailure } from "../states/notify";
import { session } from "./session";

interface Person {
    name: string;
    role: string;
    email: string;
    organization: string;
}

const firstName = (name: string) => name.split(" ")[0];

/** The people of the sample. The server names them only on this machine. */
export function SamplePeople() {
    const [people, setPeople] = useState<Person[]>([]);
    useEffect(() => {
        fetch("/sample/people")
            .then((response) => (response.ok ? (response.json() as Promise<Person[]>) : []))
            .then(setPeople, () => setPeople([]));
    }, []);
    const enter = async (email: string) => {
        try {
            const response = await fetch("/sample/sign-in", {
                method: "POST",
                headers: { "Content-Type": "application/json", "Dossier-Session": "1" },
                body: JSON.stringify({ email }),
            });
            if (!response.ok) throw new Error(await response.text());
            // The cookie is set. The renewal also returns the memberships.
            await session.renew();
        } catch (cause) {
            notifyFailure(email, cause);
        }
    };
    if (people.length === 0) return null;
    return (
        <Stack gap={6} mt="xl">
            <Divider mb={6} label={<Trans>People of the sample, on this machine only</Trans>} />
            {people.map(({ name, role, email }) => (
                <Button key={email} variant="default" justify="flex-start" onClick={() => void enter(email)}>
                    <Group gap={6} wrap="nowrap">
                        <Trans>Enter as {firstName(name)}</Trans>
                        <Text span c="dimmed" fz="sm">
                            {role.toLowerCase() === "client" ? <Trans>(client)</Trans> : <Trans>(agency)</Trans>}
                        </Text>
                    </Group>
                </Button>
            ))}
        </Stack>
    );
}
