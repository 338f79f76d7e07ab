import { IconFile, IconFileText, IconFileTypePdf, IconFileZip, IconMovie, IconPhoto } from "@tabler/icons-react";

/** A sign for a media type. */
export function FileIcon({ contentType, size = 22 }: { contentType: string; size?: number }) {
    const Icon = contentType.startsWith("image/")
        ? IconPhoto
        : contentType.startsWith("video/")
          ? IconMovie
          : contentType.startsWith("text/")
            ? IconFileText
            : contentType === "application/pdf"
              ? IconFileTypePdf
              : contentType.includes("zip")
                ? IconFileZip
                : IconFile;
    return <Icon size={size} stroke={1.4} color="var(--ink-3)" style={{ flex: "none" }} aria-hidden />;
}
