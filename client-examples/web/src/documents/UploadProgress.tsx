import { Trans } from "@lingui/react/macro";
import { IconAlertTriangle, IconShieldCheck, IconUpload } from "@tabler/icons-react";
import classes from "./UploadProgress.module.css";
import type { DocumentFields } from "./queries";

/** Says why a file cannot be opened yet. Empty if it can. */
export function UploadProgress({ status }: { status: DocumentFields["status"] }) {
    if (status === "READY") return null;
    const Icon = status === "PENDING" ? IconUpload : status === "VERIFYING" ? IconShieldCheck : IconAlertTriangle;
    return (
        <span className={classes.progress} data-status={status}>
            <Icon size={14} stroke={1.8} aria-hidden />
            {status === "PENDING" && <Trans>Being sent</Trans>}
            {status === "VERIFYING" && <Trans>Being verified</Trans>}
            {status === "FAILED" && <Trans>Not sent</Trans>}
        </span>
    );
}
