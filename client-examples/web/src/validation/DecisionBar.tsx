import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Kbd, Textarea } from "@mantine/core";
import { getHotkeyHandler } from "@mantine/hooks";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useKeysOf } from "../shortcuts/useShortcuts";
import type { Decision } from "./decisions";
import type { RequestRow } from "./queries";
import { useQueue } from "./QueueContext";
import classes from "./Request.module.css";
import { useDecide } from "./useDecide";

const route = getRouteApi("/app/hub/validation");

/** The decision with its reason. The next request opens after it. */
export function DecisionBar({ request }: { request: RequestRow }) {
    const { t } = useLingui();
    const { decide: asked } = route.useSearch();
    const navigate = useNavigate();
    const { openAfter } = useQueue();
    const decide = useDecide();
    const keysOf = useKeysOf();
    const [reason, setReason] = useState("");
    const textarea = useRef<HTMLTextAreaElement>(null);
    const { id, viewerCan } = request;
    const ask = (kind: typeof asked) => void navigate({ to: ".", search: (search) => ({ ...search, decide: kind }) as object, replace: true });
    useEffect(() => {
        if (asked) textarea.current?.focus();
    }, [asked, id]);
    if (!viewerCan.includes("APPROVE") && !viewerCan.includes("REJECT")) return null;

    const submit = (kind: Decision["kind"]) => {
        if (kind !== "APPROVE" && !reason.trim()) {
            if (asked === kind) textarea.current?.focus();
            else ask(kind);
            return;
        }
        decide(request, { kind, reason: reason.trim() });
        openAfter(id);
    };
    const label = asked === "REJECT" ? t`Why is it rejected?` : asked ? t`What must change?` : t`Comment (optional)`;
    const keyProps = (id: "approve" | "reject" | "requestChanges") => {
        const key = keysOf(id);
        return key ? { "aria-keyshortcuts": key, rightSection: <Kbd className={classes.key}>{key}</Kbd> } : {};
    };
    return (
        <div className={classes.bar}>
            <Textarea
                ref={textarea}
                aria-label={label}
                placeholder={label}
                autosize
                minRows={1}
                maxRows={6}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
                onKeyDown={getHotkeyHandler([
                    ["mod+Enter", () => submit(asked ?? "APPROVE")],
                    [
                        "Escape",
                        () => {
                            textarea.current?.blur();
                            ask(undefined);
                        },
                    ],
                ])}
            />
            <div className={classes.actions}>
                {asked ? (
                    <>
                        <Button variant="subtle" color="gray" onClick={() => ask(undefined)}>
                            <Trans>Cancel</Trans>
                        </Button>
                        <Button color={asked === "REJECT" ? "red" : undefined} disabled={!reason.trim()} onClick={() => submit(asked)}>
                            {asked === "REJECT" ? <Trans>Reject</Trans> : <Trans>Send back</Trans>}
                        </Button>
                    </>
                ) : (
                    <>
                        <Button variant="subtle" color="red" c="var(--overdue)" onClick={() => submit("REJECT")} {...keyProps("reject")}>
                            <Trans>Reject</Trans>
                        </Button>
                        <Button variant="default" onClick={() => submit("REQUEST_CHANGES")} {...keyProps("requestChanges")}>
                            <Trans>Ask for changes</Trans>
                        </Button>
                        <Button onClick={() => submit("APPROVE")} {...keyProps("approve")}>
                            <Trans>Approve</Trans>
                        </Button>
                    </>
                )}
            </div>
        </div>
    );
}
