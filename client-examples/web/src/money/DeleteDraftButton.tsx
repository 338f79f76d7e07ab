import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { DELETE_DRAFT } from "../billing/queries";
import { useSend } from "../graphql/useSend";
import { ConfirmDialog } from "../states/ConfirmDialog";

interface Props {
    id: string;
    revision: number;
    /** Forgets what is not saved yet. */
    onDeleted: () => void;
}

/** Deletes a draft after a question, and goes back to the list. */
export function DeleteDraftButton({ id, revision, onDeleted }: Props) {
    const { t } = useLingui();
    const navigate = useNavigate();
    const [asked, question] = useDisclosure();
    const { submit, busy, error } = useSend();
    const remove = async () => {
        if (!(await submit(DELETE_DRAFT, { input: { id, expectedRevision: revision } }))) return;
        onDeleted();
        await navigate({ to: "/money", search: (search: object) => search, replace: true });
    };
    return (
        <>
            <ActionIcon variant="subtle" color="gray" aria-label={t`Delete the draft`} title={t`Delete the draft`} onClick={question.open}>
                <IconTrash size={18} stroke={1.6} />
            </ActionIcon>
            {asked && (
                <ConfirmDialog
                    title={<Trans>Delete this draft?</Trans>}
                    action={<Trans>Delete</Trans>}
                    busy={busy}
                    error={error}
                    dangerous
                    onConfirm={() => void remove()}
                    onClose={question.close}
                >
                    <Trans>The draft with all of its lines is deleted. This cannot be undone.</Trans>
                </ConfirmDialog>
            )}
        </>
    );
}
