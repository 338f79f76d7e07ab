import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./HubPage.module.css";
import { LinkBar } from "./LinkBar";
import tabClasses from "./Tabs.module.css";

interface Props {
    title: string;
    /** Links to the other pages of the same kind. */
    tabs?: ReactNode;
    children: ReactNode;
}

/** A page of the hub with a title and one column. */
export const HubPage = ({ title, tabs, children }: Props) => (
    <div className={classes.page}>
        <header className={classes.header}>
            <div className={classes.title}>
                <Title order={1} size="h4">
                    {title}
                </Title>
            </div>
            {tabs && (
                <LinkBar label={title} className={tabClasses.tabs}>
                    {tabs}
                </LinkBar>
            )}
        </header>
        <div className={classes.body}>{children}</div>
    </div>
);
