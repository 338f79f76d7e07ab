import { Trans } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { DocumentCard } from "./DocumentCard";
import type { OpenRequest } from "./queries";
import classes from "./Request.module.css";
import { ConversationLink, QuoteLink, RequestLink } from "./SubjectLinks";

/** What the decision is about: versions of documents, a quote or a message. */
export function RequestSubjects({ request }: { request: OpenRequest }) {
    const { files, quote, message, previous, client } = request;
    return (
        <>
            {previous && (
                <Text fz="sm" c="dimmed" mb="sm">
                    {previous.status === "APPROVED" ? (
                        <Trans>
                            <RequestLink id={previous.id}>An earlier version</RequestLink> was approved. This request is about the new one.
                        </Trans>
                    ) : (
                        <Trans>
                            <RequestLink id={previous.id}>An earlier version</RequestLink> was rejected. This request is about the new one.
                        </Trans>
                    )}
                </Text>
            )}
            {files.map((version) => (
                <DocumentCard key={version.id} version={version} clientId={client?.id} />
            ))}
            {quote && (
                <Text mb="lg">
                    <Trans>
                        Quote: <QuoteLink id={quote.id}>{quote.title}</QuoteLink>
                    </Trans>
                </Text>
            )}
            {message && (
                <blockquote className={classes.quoted}>
                    {message.body}
                    {message.conversation && (
                        <footer className={classes.source}>
                            {message.author.displayName} · <ConversationLink id={message.conversation.id}>{message.conversation.subject}</ConversationLink>
                        </footer>
                    )}
                </blockquote>
            )}
        </>
    );
}
