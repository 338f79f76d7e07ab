import { IconUpload } from "@tabler/icons-react";
import { useRef, useState, type ComponentProps, type DragEvent } from "react";
import classes from "./DropZone.module.css";

interface Props extends Omit<ComponentProps<"div">, "onDrop"> {
    /** Shown while files are above it. */
    label: string;
    disabled: boolean;
    onDrop: (files: File[]) => void;
}

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes("Files");

/** An area on which files can be dropped. */
export function DropZone({ label, disabled, onDrop, className, children, ...props }: Props) {
    const [over, setOver] = useState(false);
    // The pointer enters an element of the area before it leaves the previous one.
    const depth = useRef(0);
    const count = (change: number) => {
        depth.current += change;
        setOver(depth.current > 0);
    };
    if (disabled) {
        return (
            <div className={className} {...props}>
                {children}
            </div>
        );
    }
    return (
        <div
            {...props}
            className={`${classes.area} ${className ?? ""}`}
            onDragEnter={(event) => hasFiles(event) && count(1)}
            onDragLeave={(event) => hasFiles(event) && count(-1)}
            onDragOver={(event) => hasFiles(event) && event.preventDefault()}
            onDrop={(event) => {
                if (!hasFiles(event)) return;
                event.preventDefault();
                count(-depth.current);
                onDrop([...event.dataTransfer.files]);
            }}
        >
            {children}
            {over && (
                <div className={classes.overlay}>
                    <span className={classes.label}>
                        <IconUpload size={18} aria-hidden />
                        {label}
                    </span>
                </div>
            )}
        </div>
    );
}
