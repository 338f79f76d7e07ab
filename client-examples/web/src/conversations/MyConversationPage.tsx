import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Group, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import classes from "./ConversationPage.module.css";
import { ConversationView } from "./ConversationView";

const route = getRouteApi("/app/portal/messages/$conversationId");

/** A conversation in the portal. */
export function MyConversationPage() {
    const { t } = useLingui();
    useDocumentTitle(t`Messages`);
    const { conversationId: id } = route.useParams();
    return (
        <div className={classes.portal} data-fill>
            <ConversationView
                key={id}
                id={id}
                header={({ subject, status }) => (
                    <header className={classes.header}>
                        <Group wrap="nowrap" gap={8}>
                            <ActionIcon
                                size="lg"
                                variant="subtle"
                                color="gray"
                                aria-label={t`Back`}
                                renderRoot={(props) => <Link to="/portal/messages" {...props} />}
                            >
                                <IconArrowLeft size={20} />
                            </ActionIcon>
                            <div className={classes.titles}>
                                <Title order={1} size="h4" className="truncate">
                                    {subject}
                                </Title>
                                {status === "CLOSED" && (
                                    <Text fz="sm" c="dimmed">
                                        <Trans>Closed</Trans>
                                    </Text>
                                )}
                            </div>
                        </Group>
                    </header>
                )}
            />
        </div>
    );
}
