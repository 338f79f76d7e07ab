import { Trans } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import type { ResultOf } from "../graphql/graphql";
import { DocumentCard } from "./DocumentCard";
import type { REQUEST } from "./queries";
import classes from "./Request.module.css";

type Request = Extract<ResultOf<typeof REQUEST>["node"], { __typename: "ValidationRequest" }>;

/** What the decision is about: versions of documents, a quote or a message. */
export function RequestSubjects({ request }: { request: Request }) {
    const { files, quote, message, previous } = request;
    return (
        <>
            {previous && (
                <Text fz="sm" c="dimmed" mb="sm">
                    {previous.status === "APPROVED" ? (
                        <Trans>An earlier version was approved. This request is about the new one.</Trans>
                    ) : (
                        <Trans>An earlier version was rejected. This request is about the new one.</Trans>
                    )}
                </Text>
            )}
            {files.map((version) => (
                <DocumentCard key={version.id} version={version} />
            ))}
            {quote && (
                <Text mb="lg">
                    <Trans>Quote: {quote.title}</Trans>
                </Text>
            )}
            {message && <blockquote className={classes.quoted}>{message.body}</blockquote>}
        </>
    );
}
