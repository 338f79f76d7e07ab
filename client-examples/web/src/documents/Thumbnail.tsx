import { useState } from "react";
import { FileIcon } from "./FileIcon";
import type { DocumentFields } from "./queries";
import classes from "./Thumbnail.module.css";
import { usePreviewSoon } from "./usePreviewSoon";

const HAS_PREVIEW = /^image\/(?!svg)|^application\/pdf$/;

/** A small picture of a file, or the sign of its type. */
export function Thumbnail({ version }: { version: DocumentFields["latestVersion"] }) {
    const url = version?.preview?.url;
    const contentType = version?.contentType ?? "";
    const [broken, setBroken] = useState<string>();
    usePreviewSoon(version, !url && HAS_PREVIEW.test(contentType));
    const shown = url && url !== broken;
    return (
        <span className={classes.frame}>
            {shown ? (
                <img className={classes.picture} src={url} alt="" loading="lazy" decoding="async" onError={() => setBroken(url)} />
            ) : (
                <FileIcon contentType={contentType} />
            )}
        </span>
    );
}
