import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, MultiSelect, Switch, Textarea, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useCallback, useState, type FormEvent } from "react";
import { useClient, useQuery } from "urql";
import { send } from "../graphql/send";
import { usePreviousPages } from "../graphql/usePreviousPages";
import { notifyFailure } from "../states/notify";
import { Time } from "../text/Time";
import { COMMENT, DECIDERS, PREVIOUS_COMMENTS, type OpenRequest } from "./queries";
import classes from "./Request.module.css";

/** The comments on a request, oldest first, and a field for another one. */
export function Comments({ request, level = 3 }: { request: OpenRequest; level?: 2 | 3 }) {
    const { id: requestId, viewerCan } = request;
    const client = useClient();
    const read = useCallback(
        async (before: string) => {
            const { data } = await client.query(PREVIOUS_COMMENTS, { id: requestId, before }).toPromise();
            return data?.node?.__typename === "ValidationRequest" ? data.node.comments : undefined;
        },
        [client, requestId],
    );
    const { rows, more, busy } = usePreviousPages(request.comments, read);
    const mayComment = viewerCan.includes("COMMENT");
    if (!mayComment && rows.length === 0) return null;
    return (
        <section className={classes.comments}>
            <Title order={level} fz={13} mb={12}>
                <Trans>Comments</Trans>
            </Title>
            {more && (
                <Button variant="subtle" size="compact-sm" mb={8} loading={busy} onClick={more}>
                    <Trans>Show earlier comments</Trans>
                </Button>
            )}
            <ol className={classes.steps}>
                {rows.map(({ id, body, internal, createdAt, author, mentions }) => (
                    <li key={id} className={classes.comment} data-internal={internal}>
                        <Group justify="space-between" gap={8} wrap="nowrap">
                            <span>
                                <b>{author.displayName}</b>
                                {internal && (
                                    <>
                                        {" "}
                                        <IconLock size={12} stroke={2} aria-hidden /> <Trans>Internal</Trans>
                                    </>
                                )}
                            </span>
                            <Time value={createdAt} />
                        </Group>
                        <p>{body}</p>
                        {mentions.length > 0 && <small>@ {mentions.map(({ displayName }) => displayName).join(", ")}</small>}
                    </li>
                ))}
            </ol>
            {mayComment && <CommentForm id={requestId} mayHide={viewerCan.includes("COMMENT_INTERNALLY")} />}
        </section>
    );
}

/** A new comment. Members of the agency who decide may hide it from the client, and mention others. */
function CommentForm({ id, mayHide }: { id: string; mayHide: boolean }) {
    const { t } = useLingui();
    const client = useClient();
    const [{ data }] = useQuery({ query: DECIDERS, pause: !mayHide });
    const [body, setBody] = useState("");
    const [internal, setInternal] = useState(mayHide);
    const [mentionIds, setMentionIds] = useState<string[]>([]);
    const [busy, setBusy] = useState(false);
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        if (!body.trim()) return;
        setBusy(true);
        try {
            await send(client, COMMENT, { input: { id, body: body.trim(), internal, mentionIds } });
            setBody("");
            setMentionIds([]);
        } catch (cause) {
            notifyFailure(t`Not sent`, cause);
        }
        setBusy(false);
    };
    return (
        <form onSubmit={(event) => void submit(event)}>
            <Textarea
                aria-label={t`Comment`}
                placeholder={internal ? t`Internal comment, which the client cannot see` : t`Comment`}
                autosize
                minRows={1}
                maxRows={8}
                maxLength={10_000}
                value={body}
                onChange={(event) => setBody(event.currentTarget.value)}
                mb={8}
            />
            <Group justify="space-between" gap={8}>
                {mayHide && (
                    <>
                        <Switch
                            size="xs"
                            color="yellow.9"
                            label={t`Internal`}
                            checked={internal}
                            onChange={(event) => setInternal(event.currentTarget.checked)}
                        />
                        <MultiSelect
                            size="xs"
                            flex={1}
                            miw={140}
                            aria-label={t`Mention`}
                            placeholder={mentionIds.length === 0 ? t`Mention` : undefined}
                            data={data?.members.nodes.map(({ id, displayName }) => ({ value: id, label: displayName })) ?? []}
                            value={mentionIds}
                            onChange={setMentionIds}
                            maxValues={20}
                        />
                    </>
                )}
                <Button size="xs" type="submit" variant="default" loading={busy} disabled={!body.trim()} ml="auto">
                    <Trans>Comment</Trans>
                </Button>
            </Group>
        </form>
    );
}
