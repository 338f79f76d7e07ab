import { Text, Title } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import classes from "./Section.module.css";

/** The sections of a page with settings. */
export const Sections = ({ children }: { children: ReactNode }) => <div className={classes.sections}>{children}</div>;

interface Props {
    /** The name under which addresses lead to the section. */
    id?: string;
    title: ReactNode;
    text?: ReactNode;
    children: ReactNode;
}

/** Settings that belong together: what they are on the left, and a card with them on the right. */
export function Section({ id, title, text, children }: Props) {
    const section = useRef<HTMLElement>(null);
    useEffect(() => {
        if (id && location.hash === `#${id}`) section.current?.scrollIntoView();
    }, [id]);
    return (
        <section ref={section} id={id} className={classes.section}>
            <div>
                <Title order={2} fz={15}>
                    {title}
                </Title>
                {text && (
                    <Text c="dimmed" fz="sm" mt={4}>
                        {text}
                    </Text>
                )}
            </div>
            <div className={classes.body}>{children}</div>
        </section>
    );
}

/** A part of a section with a form or a text. */
export const Block = ({ children }: { children: ReactNode }) => <div className={classes.block}>{children}</div>;

interface RowProps {
    name: ReactNode;
    meta?: ReactNode;
    /** The buttons. */
    children?: ReactNode;
}

/** A row of a section: a thing, what is known about it, and what can be done with it. */
export const SettingRow = ({ name, meta, children }: RowProps) => (
    <div className={classes.row}>
        <div className={classes.text}>
            <div className={classes.name}>{name}</div>
            {meta && <div className={classes.meta}>{meta}</div>}
        </div>
        {children && <div className={classes.actions}>{children}</div>}
    </div>
);
