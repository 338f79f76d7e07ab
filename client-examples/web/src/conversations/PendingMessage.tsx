import { Trans } from "@lingui/react/macro";
import { IconLock } from "@tabler/icons-react";
import { PendingState } from "../outbox/PendingState";
import type { Entry } from "../outbox/storage";
import classes from "./Messages.module.css";
import { TextWithLinks } from "./TextWithLinks";

/** A message that the server has not confirmed. */
export function PendingMessage({ entry }: { entry: Entry<"postMessage"> }) {
    const { body, internal = false } = entry.input;
    return (
        <li className={classes.message} data-own data-internal={internal} data-pending>
            <div className={classes.column}>
                <span className="visually-hidden">
                    <Trans>You</Trans>
                </span>
                <div className={classes.bubble}>
                    {internal && (
                        <span className={classes.internal}>
                            <IconLock size={12} stroke={2} aria-hidden /> <Trans>Internal</Trans>
                        </span>
                    )}
                    <TextWithLinks text={body} />
                </div>
                <PendingState entry={entry} />
            </div>
        </li>
    );
}
