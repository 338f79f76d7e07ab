import { Trans, useLingui } from "@lingui/react/macro";
import { Button, MultiSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { MY_DOCUMENTS } from "../documents/queries";
import { sortDocuments } from "../documents/sortDocuments";
import { usePages } from "../graphql/usePages";
import { outbox } from "../outbox/outbox";

/** A new request to the agency. The list shows it at once, also while the network is away. */
export function SubmitForm({ clientId, onDone }: { clientId: string; onDone: () => void }) {
    const { t } = useLingui();
    const [title, setTitle] = useState("");
    const [description, setDescription] = useState("");
    const [documentVersionIds, setVersions] = useState<string[]>([]);
    const { rows } = usePages(MY_DOCUMENTS, { clientId });
    const choices = sortDocuments(rows ?? [], "UPDATED_AT_DESC").flatMap(({ name, status, publishedVersion, latestVersion }) => {
        const version = publishedVersion ?? latestVersion;
        return status === "READY" && version ? [{ value: version.id, label: name }] : [];
    });
    const [error, setError] = useState<string>();
    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (!title.trim()) return;
        try {
            const input = { clientId, title: title.trim(), description: description || null, documentVersionIds };
            void outbox.add("submitRequest", input, title);
            onDone();
        } catch (cause) {
            // The storage of the browser is full.
            setError((cause as Error).message);
        }
    };
    return (
        <form onSubmit={submit}>
            <Stack>
                <TextInput
                    size="md"
                    label={t`What is it about?`}
                    required
                    withAsterisk={false}
                    maxLength={200}
                    data-autofocus
                    value={title}
                    error={error}
                    onChange={(event) => setTitle(event.currentTarget.value)}
                />
                <Textarea
                    size="md"
                    label={t`Details (optional)`}
                    autosize
                    minRows={3}
                    maxRows={10}
                    value={description}
                    onChange={(event) => setDescription(event.currentTarget.value)}
                />
                {choices.length > 0 && (
                    <MultiSelect
                        size="md"
                        label={t`Documents (optional)`}
                        placeholder={documentVersionIds.length === 0 ? t`Choose documents` : undefined}
                        searchable
                        clearable
                        clearButtonProps={{ "aria-label": t`Remove all` }}
                        nothingFoundMessage={t`No file matches.`}
                        maxValues={20}
                        maxDropdownHeight={240}
                        data={choices}
                        value={documentVersionIds}
                        onChange={setVersions}
                    />
                )}
                <Button type="submit" size="md">
                    <Trans>Send to the agency</Trans>
                </Button>
            </Stack>
        </form>
    );
}
