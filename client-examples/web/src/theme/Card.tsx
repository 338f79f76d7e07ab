import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Card.module.css";

interface Props {
    title?: ReactNode;
    /** A link beside the title. */
    action?: ReactNode;
    children: ReactNode;
}

/** A group of rows, with an optional title above. */
export const Card = ({ title, action, children }: Props) => (
    <section className={classes.section}>
        {title && (
            <div className={classes.head}>
                <Title order={2} fz={15} c="dimmed">
                    {title}
                </Title>
                {action}
            </div>
        )}
        <div className={classes.card}>{children}</div>
    </section>
);
