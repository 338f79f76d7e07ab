import { Box, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { LanguageMenu } from "../text/LanguageMenu";
import classes from "./AccountPage.module.css";
import { Logo } from "./Logo";

interface Props {
    title: ReactNode;
    subtitle?: ReactNode;
    children: ReactNode;
}

/** The frame of the pages before signing in. */
export function AccountPage({ title, subtitle, children }: Props) {
    return (
        <div className={classes.page}>
            <main className={classes.card}>
                <Logo />
                <Stack gap={4} mt={28} mb="lg">
                    <Title order={1} size="h3">
                        {title}
                    </Title>
                    {subtitle && <Text c="dimmed">{subtitle}</Text>}
                </Stack>
                {children}
            </main>
            <Group justify="center" mt="lg">
                <Box c="dimmed" fz="sm">
                    <LanguageMenu />
                </Box>
            </Group>
        </div>
    );
}
