import { Trans, useLingui } from "@lingui/react/macro";
import { IconBan, IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { deviceName } from "../account/deviceName";
import { formatDateTime } from "../text/format";
import { Chip } from "../theme/Chip";
import { ACTION_NAMES, REFUSALS } from "./actions";
import classes from "./Audit.module.css";
import type { AuditEntry } from "./queries";

/** An entry. It opens and shows all that the log knows. */
export function AuditRow({ entry }: { entry: AuditEntry }) {
    const { i18n } = useLingui();
    const { action, actor, apiKey, changes, changedFields, client, createdAt, detailErased } = entry;
    const { device, hash, network, note, outcome, refusalReason, sequence, subjectName } = entry;
    const who = actor.displayName || (detailErased ? <Trans>erased</Trans> : null);
    const details: [ReactNode, ReactNode][] = [
        [<Trans>Who</Trans>, who],
        [<Trans>API key</Trans>, apiKey?.name],
        [<Trans>About</Trans>, subjectName],
        [<Trans>Dossier</Trans>, client && <Link to="/dossiers/$clientId" params={{ clientId: client.id }} style={{ textDecoration: "underline" }}>{client.name}</Link>],
        [<Trans>Reason</Trans>, refusalReason && i18n._(REFUSALS[refusalReason])],
        [<Trans>Note</Trans>, note],
        [<Trans>Changes</Trans>, changes.length > 0 ? changes.map(({ field, before, after }) => `${field}: ${before ?? "–"} → ${after ?? "–"}`).join("\n") : changedFields.join(", ")],
        [<Trans>Network</Trans>, network],
        [<Trans>Device</Trans>, device && <span title={device}>{deviceName(device)}</span>],
        [<Trans>Number</Trans>, sequence],
        [<Trans>Hash</Trans>, <span className={classes.hash}>{hash}</span>],
    ];
    return (
        <details className={classes.entry}>
            <summary className={classes.summary}>
                <IconChevronRight size={14} className={classes.chevron} color="var(--ink-3)" aria-hidden />
                <time className={classes.time} dateTime={createdAt}>
                    {formatDateTime(createdAt)}
                </time>
                <span className={classes.action}>{i18n._(ACTION_NAMES[action])}</span>
                <span className={`truncate ${classes.subject}`}>
                    {who}
                    {subjectName && subjectName !== actor.displayName && ` → ${subjectName}`}
                </span>
                <span className={classes.outcome}>
                    {outcome === "REFUSED" && (
                        <Chip tone="overdue" icon={IconBan}>
                            <Trans>Refused</Trans>
                        </Chip>
                    )}
                </span>
            </summary>
            <dl className={classes.detail}>
                {details.map(
                    ([label, value], index) =>
                        value && (
                            <Fragment key={index}>
                                <dt>{label}</dt>
                                <dd>{value}</dd>
                            </Fragment>
                        ),
                )}
            </dl>
        </details>
    );
}
