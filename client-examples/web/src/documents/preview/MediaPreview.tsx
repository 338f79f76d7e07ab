import { useRef } from "react";
import classes from "./Preview.module.css";

interface Props {
    url: string;
    contentType: string;
    name: string;
    /** Reads a new URL. */
    onExpired: () => Promise<void>;
    onUnsupported: () => void;
}

/** A recording. Its URL expires while it plays, and then it continues with a new one. */
export function MediaPreview({ url, contentType, name, onExpired, onUnsupported }: Props) {
    const position = useRef(0);
    const props = {
        src: url,
        controls: true,
        preload: "metadata",
        "aria-label": name,
        onTimeUpdate: ({ currentTarget }: { currentTarget: HTMLMediaElement }) => (position.current = currentTarget.currentTime),
        onLoadedMetadata: ({ currentTarget }: { currentTarget: HTMLMediaElement }) => {
            if (position.current === 0) return;
            currentTarget.currentTime = position.current;
            void currentTarget.play();
        },
        onError: () => (position.current > 0 ? void onExpired() : onUnsupported()),
    };
    if (contentType.startsWith("video/")) return <video className={classes.video} {...props} />;
    return (
        <div className={classes.audio}>
            <audio {...props} />
        </div>
    );
}
