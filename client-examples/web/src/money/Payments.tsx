import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { formatDay } from "../billing/format";
import { METHODS } from "../billing/methods";
import type { Payment } from "../billing/queries";
import { formatMoney } from "../text/format";
import classes from "./Document.module.css";
import { ReverseDialog } from "./ReverseDialog";

interface Props {
    payments: Payment[];
    /** Whether there are more payments than those. */
    more: boolean;
}

/** The payments of an invoice and their reversals, oldest first. Neither ever changes. */
export function Payments({ payments, more }: Props) {
    const { i18n } = useLingui();
    const [reversing, setReversing] = useState<Payment>();
    if (payments.length === 0) return null;
    const reversed = new Set(payments.map(({ reverses }) => reverses?.id));
    return (
        <section className={classes.beside}>
            <h3 className={classes.heading}>
                <Trans>Payments</Trans>
            </h3>
            <ul className={classes.entries}>
                {payments.map((payment) => (
                    <li key={payment.id} className={classes.entry}>
                        <span className={classes.text}>
                            {payment.reverses ? <Trans>Reversal</Trans> : i18n._(METHODS[payment.method])} · {formatDay(payment.receivedOn)}
                            <small>
                                {[payment.reason ?? payment.reference, payment.recorder.displayName].filter(Boolean).join(" · ")}
                            </small>
                        </span>
                        {reversed.has(payment.id) && (
                            <Text span fz={12} c="dimmed">
                                <Trans>Reversed</Trans>
                            </Text>
                        )}
                        {payment.amount && (
                            <span className={classes.amount} data-reversed={reversed.has(payment.id)}>
                                {formatMoney(payment.amount)}
                            </span>
                        )}
                        {payment.viewerCan.includes("REVERSE") && (
                            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setReversing(payment)}>
                                <Trans>Reverse</Trans>
                            </Button>
                        )}
                    </li>
                ))}
            </ul>
            {more && (
                <Text fz={12} c="dimmed" mt={6}>
                    <Trans>The first 30 payments are shown.</Trans>
                </Text>
            )}
            {reversing && <ReverseDialog payment={reversing} onClose={() => setReversing(undefined)} />}
        </section>
    );
}
