import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { startTransition, useOptimistic } from "react";
import classes from "./Files.module.css";
import type { DocumentFields } from "./queries";
import { useDocumentActions } from "./useDocumentActions";

/** The eye: open if the client sees the file, and closed if not. A click publishes or hides it. */
export function VisibilityButton({ document }: { document: DocumentFields }) {
    const { t } = useLingui();
    const { publish, hide } = useDocumentActions(document);
    const [visible, setVisible] = useOptimistic(document.visible ?? false);
    const { name, viewerCan } = document;
    const allowed = viewerCan.includes(visible ? "UNPUBLISH" : "PUBLISH");
    const Icon = visible ? IconEye : IconEyeOff;
    const change = () =>
        startTransition(async () => {
            setVisible(!visible);
            await (visible ? hide() : publish());
        });
    const state = visible ? t`Visible to the client` : t`Internal`;
    if (!allowed) {
        return (
            <Tooltip label={state}>
                <span className={classes.eye} role="img" aria-label={state} data-visible={visible}>
                    <Icon size={18} stroke={1.6} />
                </span>
            </Tooltip>
        );
    }
    return (
        <Tooltip label={visible ? t`Visible to the client. Click to hide it.` : t`Internal. Click to publish it.`}>
            <ActionIcon
                variant="subtle"
                color="gray"
                className={classes.eye}
                data-visible={visible}
                aria-pressed={visible}
                aria-label={t`${name}: visible to the client`}
                onClick={change}
            >
                <Icon size={18} stroke={1.6} />
            </ActionIcon>
        </Tooltip>
    );
}
