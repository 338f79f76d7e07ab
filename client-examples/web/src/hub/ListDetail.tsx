import type { ReactNode } from "react";
import classes from "./ListDetail.module.css";

interface Props {
    list: ReactNode;
    detail: ReactNode;
    /** Whether a row is open. On narrow screens, it covers the list. */
    open: boolean;
    /** Whether the list takes the whole width while no row is open. */
    wide?: boolean;
}

/** A list in the middle, and the opened row on the right. */
export const ListDetail = ({ list, detail, open, wide = false }: Props) => (
    <div className={classes.frame} data-open={open} data-wide={wide && !open}>
        <div className={classes.list}>{list}</div>
        <div className={classes.detail}>{detail}</div>
    </div>
);
