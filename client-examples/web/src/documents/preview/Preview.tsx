import { Trans } from "@lingui/react/macro";
import { Button, Skeleton } from "@mantine/core";
import { IconDownload, IconEyeQuestion } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { EmptyState } from "../../states/EmptyState";
import { useDownload } from "../useDownload";
import { useDownloadUrl } from "../useDownloadUrl";
import { MediaPreview } from "./MediaPreview";
import classes from "./Preview.module.css";
import { TextPreview } from "./TextPreview";

const PdfPreview = lazy(() => import("./PdfPreview").then((module) => ({ default: module.PdfPreview })));

interface Props {
    version: { id: string; contentType: string };
    name: string;
}

const TEXT = /^text\/|^application\/(json|xml|yaml|x-yaml|javascript|sql)\b|\+(json|xml)$/;

/** Shows the bytes of a version where the browser can, and offers them as a file where it cannot. */
export function Preview({ version, name }: Props) {
    const { url, preview, failed, read } = useDownloadUrl(version.id);
    const [unsupported, setUnsupported] = useState(false);
    const download = useDownload();
    const { contentType } = version;
    const fail = () => setUnsupported(true);
    const kind = contentType.startsWith("image/")
        ? "IMAGE"
        : /^(video|audio)\//.test(contentType)
          ? "MEDIA"
          : contentType === "application/pdf"
            ? "PDF"
            : TEXT.test(contentType)
              ? "TEXT"
              : undefined;
    if (!kind || failed || unsupported) {
        return (
            <div className={classes.frame}>
                <EmptyState icon={IconEyeQuestion} title={<Trans>The browser has no preview of this file.</Trans>}>
                    <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => void download(version.id)}>
                        <Trans>Download</Trans>
                    </Button>
                </EmptyState>
            </div>
        );
    }
    // A preview is smaller, but does not move.
    const picture = contentType === "image/gif" ? url : (preview ?? url);
    if (!url) return <Skeleton className={classes.frame} radius={0} />;
    return (
        <div className={classes.frame}>
            {kind === "IMAGE" && <img className={classes.image} src={picture} alt={name} onError={fail} />}
            {kind === "MEDIA" && <MediaPreview url={url} contentType={contentType} name={name} onExpired={read} onUnsupported={fail} />}
            {kind === "TEXT" && <TextPreview url={url} name={name} onError={fail} />}
            {kind === "PDF" && (
                <Suspense fallback={<Skeleton h={420} radius={0} />}>
                    <PdfPreview url={url} name={name} onError={fail} />
                </Suspense>
            )}
        </div>
    );
}
