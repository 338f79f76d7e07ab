import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, FileButton, Progress, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconChevronDown, IconCircleCheck, IconUpload, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { notifyFailure } from "../states/notify";
import { isActive, type Upload } from "./upload";
import { UploadRow } from "./UploadRow";
import classes from "./UploadTray.module.css";
import { uploads, useUploads } from "./uploads";

/** The uploads of the viewer, at the bottom of each page. */
export function UploadTray() {
    const { t } = useLingui();
    const list = useUploads();
    const [open, setOpen] = useState(() => matchMedia("(min-width: 721px)").matches);
    useEffect(preventOpeningDroppedFiles, []);
    if (list.length === 0) return null;
    const active = list.filter(isActive);
    const waiting = list.filter(({ state }) => state === "FILE_NEEDED");
    const provide = (files: File[]) => {
        const [other] = uploads.provide(files);
        if (other) notifyFailure(other.name, new Error(t`No upload waits for this file.`));
    };
    return (
        <section ref={measure} className={classes.tray} aria-label={t`Uploads`}>
            <div className={classes.head}>
                <UnstyledButton className={classes.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
                    <Summary list={list} active={active} />
                    <IconChevronDown size={18} className={classes.chevron} data-open={open} aria-hidden />
                </UnstyledButton>
                {waiting.length > 1 && (
                    <FileButton multiple onChange={provide}>
                        {(props) => (
                            <Button size="compact-sm" variant="light" {...props}>
                                <Trans>Choose the files again</Trans>
                            </Button>
                        )}
                    </FileButton>
                )}
                {active.length === 0 && waiting.length === 0 && (
                    <ActionIcon variant="subtle" color="gray" aria-label={t`Close`} onClick={() => uploads.clear()}>
                        <IconX size={18} />
                    </ActionIcon>
                )}
            </div>
            {active.length > 0 && <Progress value={share(active)} size={3} radius={0} aria-label={t`Progress of all uploads`} />}
            {open && (
                <ul className={classes.rows}>
                    {[...list].sort((a, b) => urgency(a) - urgency(b)).map((upload) => (
                        <UploadRow key={upload.id} upload={upload} />
                    ))}
                </ul>
            )}
        </section>
    );
}

/** Tells the page how high the tray is, so that nothing is under it. */
function measure(tray: HTMLElement | null) {
    const { style } = document.documentElement;
    if (!tray) return;
    const observer = new ResizeObserver(() => style.setProperty("--tray-height", `${tray.offsetHeight}px`));
    observer.observe(tray);
    return () => {
        observer.disconnect();
        style.removeProperty("--tray-height");
    };
}

/** First what needs the person, then what is being sent, and then what has arrived. */
const urgency = (upload: Upload) => (upload.state === "READY" ? 2 : isActive(upload) ? 1 : 0);

/** The sentence above the rows. Screen readers read it when it changes. */
function Summary({ list, active }: { list: readonly Upload[]; active: Upload[] }) {
    const failed = list.filter(({ state }) => state === "FAILED").length;
    const ready = list.filter(({ state }) => state === "READY").length;
    const waiting = list.length - failed - ready - active.length;
    const Icon = failed || waiting ? IconAlertTriangle : active.length > 0 ? IconUpload : IconCircleCheck;
    const tone = failed ? "var(--overdue)" : waiting ? "var(--waiting)" : active.length > 0 ? "var(--accent)" : "var(--approved)";
    return (
        <>
            <Icon size={20} stroke={1.7} color={tone} style={{ flex: "none" }} aria-hidden />
            <span className={`truncate ${classes.summary}`} role="status">
                {active.length > 0 ? (
                    <Plural value={active.length} one="# file is being sent" other="# files are being sent" />
                ) : waiting > 0 ? (
                    <Plural value={waiting} one="# upload was interrupted" other="# uploads were interrupted" />
                ) : failed > 0 ? (
                    <Plural value={failed} one="# file was not sent" other="# files were not sent" />
                ) : (
                    <Plural value={ready} one="# file sent and verified" other="# files sent and verified" />
                )}
            </span>
        </>
    );
}

/** Returns the share of the bytes that were sent, in percent. */
function share(active: Upload[]) {
    const size = active.reduce((sum, upload) => sum + upload.size, 0);
    const sent = active.reduce((sum, { state, done }) => sum + (state === "QUEUED" || state === "HASHING" ? 0 : done), 0);
    return size === 0 ? 0 : (sent / size) * 100;
}

/** A file that misses a zone would replace the page. */
function preventOpeningDroppedFiles() {
    const prevent = (event: DragEvent) => event.preventDefault();
    addEventListener("dragover", prevent);
    addEventListener("drop", prevent);
    return () => {
        removeEventListener("dragover", prevent);
        removeEventListener("drop", prevent);
    };
}
