import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useEffect, useState, type FormEvent } from "react";
import { useClient } from "urql";
import type { ResultOf } from "../graphql/graphql";
import { send } from "../graphql/send";
import { useSend } from "../graphql/useSend";
import { Cancelled } from "../states/Cancelled";
import { FormError } from "../states/FormError";
import { ListSkeleton } from "../states/ListSkeleton";
import classes from "./EnrollApp.module.css";
import { CONFIRM_TOTP, ENROLL_TOTP } from "./queries";

type Enrolment = ResultOf<typeof ENROLL_TOTP>["enrollTotp"];

interface Props {
    /** Called with the recovery codes, if the app is the first factor. */
    onDone: (recoveryCodes: string[]) => void;
    onCancel: () => void;
}

/** Adds an authenticator app: the person scans a code, and proves it with the app's first code. */
export function EnrollApp({ onDone, onCancel }: Props) {
    const { t } = useLingui();
    const client = useClient();
    const { submit, busy, error, setError } = useSend();
    const [enrolment, setEnrolment] = useState<Enrolment>();
    const [code, setCode] = useState("");
    useEffect(() => {
        send(client, ENROLL_TOTP, {}).then(setEnrolment, (cause: Error) =>
            cause instanceof Cancelled ? onCancel() : setError(cause.message),
        );
        // Each enrolment has one secret.
        // eslint-disable-next-line react-hooks/exhaustive-deps
    }, [client]);
    const confirm = async (event: FormEvent) => {
        event.preventDefault();
        const payload = await submit(CONFIRM_TOTP, { input: { code: code.replaceAll(" ", "") } });
        if (payload) onDone(payload.recoveryCodes ?? []);
    };
    if (!enrolment) return error ? <FormError>{error}</FormError> : <ListSkeleton rows={3} />;
    return (
        <form onSubmit={(event) => void confirm(event)} className={classes.enroll}>
            <div className={classes.code} role="img" aria-label={t`QR code`} dangerouslySetInnerHTML={{ __html: enrolment.qrCode! }} />
            <Stack gap="sm">
                <Text>
                    <Trans>Scan the code with your authenticator app, then enter the 6 digits that it shows.</Trans>{" "}
                    <Anchor href={enrolment.uri!}>
                        <Trans>On this phone: open the app</Trans>
                    </Anchor>
                </Text>
                <Text fz="sm" c="dimmed">
                    <Trans>Without a camera, enter this key:</Trans>
                </Text>
                <div className={classes.secret}>{enrolment.secret!.replace(/(.{4})/g, "$1 ").trim()}</div>
                <TextInput
                    label={t`Code`}
                    inputMode="numeric"
                    autoComplete="one-time-code"
                    required
                    withAsterisk={false}
                    autoFocus
                    className="figures"
                    value={code}
                    error={error}
                    onChange={(event) => setCode(event.currentTarget.value)}
                />
                <Group justify="flex-end" gap="xs">
                    <Button variant="default" onClick={onCancel}>
                        <Trans>Cancel</Trans>
                    </Button>
                    <Button type="submit" loading={busy}>
                        <Trans>Turn on</Trans>
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}
