import { Trans } from "@lingui/react/macro";
import { Button, Center } from "@mantine/core";
import { IconFolderQuestion } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "./EmptyState";

export const NotFoundPage = () => (
    <Center component="main" h="100dvh">
        <EmptyState heading icon={IconFolderQuestion} title={<Trans>This page does not exist, or you cannot see it.</Trans>}>
            <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
                <Trans>To the start</Trans>
            </Button>
        </EmptyState>
    </Center>
);
