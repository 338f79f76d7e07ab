import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Group, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconX } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { CloseButton } from "./CloseButton";
import classes from "./ConversationPage.module.css";
import { ConversationView } from "./ConversationView";

const route = getRouteApi("/app/hub/messages/$conversationId");

/** A conversation in the hub, with the name of its dossier. */
export function ConversationPage() {
    const { t } = useLingui();
    const { conversationId: id } = route.useParams();
    const backTo = (props: object) => <Link to="/messages" search={(search: object) => search} {...props} />;
    return (
        <ConversationView
            key={id}
            id={id}
            header={({ subject, client, status, viewerCan, analysis, revision }) => (
                <header className={classes.header}>
                    <Group wrap="nowrap" gap={8}>
                        <ActionIcon hiddenFrom="sm" variant="subtle" color="gray" aria-label={t`Back`} renderRoot={backTo}>
                            <IconArrowLeft size={18} />
                        </ActionIcon>
                        <div className={classes.titles}>
                            <Title order={2} size="h4" className="truncate">
                                {subject}
                            </Title>
                            <Text fz={12} c="dimmed" className="truncate">
                                {client && (
                                    <Link to="/dossiers/$clientId" params={{ clientId: client.id }} className={classes.client}>
                                        {client.name}
                                    </Link>
                                )}
                                {status === "CLOSED" && (
                                    <>
                                        {" · "}
                                        <Trans>Closed</Trans>
                                    </>
                                )}
                            </Text>
                        </div>
                        {viewerCan.includes("CLOSE") && <CloseButton id={id} revision={revision} />}
                        <ActionIcon visibleFrom="sm" variant="subtle" color="gray" aria-label={t`Back to the list`} renderRoot={backTo}>
                            <IconX size={18} />
                        </ActionIcon>
                    </Group>
                    {analysis && (
                        <details className={classes.analysis}>
                            <summary>
                                <Trans>Élio's analysis, which the client cannot see</Trans>
                            </summary>
                            {analysis}
                        </details>
                    )}
                </header>
            )}
        />
    );
}
