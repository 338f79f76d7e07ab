import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Text, Textarea } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { useSend } from "../graphql/useSend";
import { ConfirmButton } from "../states/ConfirmButton";
import { FormError } from "../states/FormError";
import { formatDate } from "../text/format";
import classes from "./Client.module.css";
import { LIFT_LEGAL_HOLD, SET_LEGAL_HOLD, type OpenClient } from "./queries";

/** The legal hold of a dossier with its reason, if there is one. */
export function LegalHold({ client }: { client: OpenClient }) {
    const { id, legalHold, viewerCan } = client;
    if (!legalHold) return null;
    const { at, by, reason } = legalHold;
    const [day, who] = [formatDate(at), by.displayName];
    return (
        <section className={classes.hold}>
            <Text fz={13} fw={600}>
                <Trans>
                    Legal hold since {day}, set by {who}
                </Trans>
            </Text>
            <Text fz={13} c="dimmed">
                <Trans>Nothing of this dossier is deleted for good.</Trans>
            </Text>
            <p className={classes.reason}>{reason}</p>
            {viewerCan.includes("LIFT_LEGAL_HOLD") && (
                <Group gap={8} mt={10}>
                    <SetHoldButton client={client} label={<Trans>Change the reason</Trans>} />
                    <ConfirmButton
                        label={<Trans>Lift</Trans>}
                        title={<Trans>Lift the legal hold?</Trans>}
                        mutation={LIFT_LEGAL_HOLD}
                        variables={{ input: { id } }}
                        dangerous
                    >
                        <Trans>Files that have been in the trash for long enough are then deleted for good within an hour.</Trans>
                    </ConfirmButton>
                </Group>
            )}
        </section>
    );
}

/** Sets the legal hold of a dossier, or replaces its reason. Only owners see it. */
export function SetHoldButton({ client, label = <Trans>Legal hold</Trans> }: { client: OpenClient; label?: ReactNode }) {
    const { t } = useLingui();
    const { id, legalHold, viewerCan } = client;
    const [opened, setOpened] = useState(false);
    const [reason, setReason] = useState("");
    const { submit, busy, error } = useSend();
    if (!viewerCan.includes("SET_LEGAL_HOLD")) return null;
    const open = () => {
        setReason(legalHold?.reason ?? "");
        setOpened(true);
    };
    const save = async (event: FormEvent) => {
        event.preventDefault();
        if (await submit(SET_LEGAL_HOLD, { input: { id, reason: reason.trim() } })) setOpened(false);
    };
    return (
        <>
            <Button size="xs" variant="default" leftSection={<IconShieldLock size={16} aria-hidden />} onClick={open}>
                {label}
            </Button>
            <Modal opened={opened} onClose={() => setOpened(false)} title={<Trans>Legal hold</Trans>} size="sm" closeButtonProps={{ "aria-label": t`Close` }}>
                <form onSubmit={(event) => void save(event)}>
                    <Textarea
                        label={t`Reason`}
                        description={t`The agency reads it. Until the hold is lifted, nothing of this dossier is deleted for good.`}
                        required
                        withAsterisk={false}
                        data-autofocus
                        autosize
                        minRows={3}
                        maxRows={10}
                        maxLength={1_000}
                        value={reason}
                        onChange={(event) => setReason(event.currentTarget.value)}
                    />
                    <FormError>{error}</FormError>
                    <Group justify="flex-end" mt="md" gap="xs">
                        <Button variant="default" onClick={() => setOpened(false)}>
                            <Trans>Cancel</Trans>
                        </Button>
                        <Button type="submit" loading={busy} disabled={!reason.trim()}>
                            <Trans>Save</Trans>
                        </Button>
                    </Group>
                </form>
            </Modal>
        </>
    );
}
