import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Chip.module.css";

interface Props {
    icon?: Icon;
    tone?: "approved" | "waiting" | "overdue" | "plain";
    children: ReactNode;
}

/** A state in a word. The colour is never its only sign. */
export const Chip = ({ icon: Icon, tone = "plain", children }: Props) => (
    <span className={classes.chip} data-tone={tone}>
        {Icon && <Icon size={14} stroke={1.8} aria-hidden />}
        {children}
    </span>
);
