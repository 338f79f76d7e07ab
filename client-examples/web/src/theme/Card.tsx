import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Card.module.css";

/** A group of rows, with an optional title above. */
export const Card = ({ title, children }: { title?: ReactNode; children: ReactNode }) => (
    <section className={classes.section}>
        {title && (
            <Title order={2} fz={15} mb={8} c="dimmed">
                {title}
            </Title>
        )}
        <div className={classes.card}>{children}</div>
    </section>
);
