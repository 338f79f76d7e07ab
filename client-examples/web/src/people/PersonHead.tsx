import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Title } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./People.module.css";

interface Props {
    avatar?: ReactNode;
    title: ReactNode;
    children?: ReactNode;
}

/** The head of the opened part of the page, with a link that closes it. */
export function PersonHead({ avatar, title, children }: Props) {
    const { t } = useLingui();
    return (
        <header className={classes.head}>
            {avatar}
            <div className={classes.headText}>
                <Title order={2} size="h3">
                    {title}
                </Title>
                {children}
            </div>
            <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t`Close`}
                renderRoot={(props) => <Link to="/people" search={(search: object) => search} {...props} />}
            >
                <IconX size={18} />
            </ActionIcon>
        </header>
    );
}
