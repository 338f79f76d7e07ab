import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Group } from "@mantine/core";
import { IconArrowLeft, IconPrinter, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./Document.module.css";

interface Props {
    client: { id: string; name: string } | null;
    status: ReactNode;
    /** A note beside the status, such as whether a draft is saved. */
    note?: ReactNode;
    /** The actions. */
    children?: ReactNode;
}

/** The bar above a quote, an invoice or a credit note: its dossier, its status, and the actions. */
export function DocumentBar({ client, status, note, children }: Props) {
    const { t } = useLingui();
    const close = (icon: ReactNode, label: string, size: "visibleFrom" | "hiddenFrom") => (
        <ActionIcon
            {...{ [size]: "sm" }}
            variant="subtle"
            color="gray"
            aria-label={label}
            renderRoot={(props) => <Link to="/money" search={(search: object) => search} {...props} />}
        >
            {icon}
        </ActionIcon>
    );
    return (
        <header className={classes.bar}>
            <Group gap={10} wrap="nowrap" className={classes.about}>
                {close(<IconArrowLeft size={18} />, t`Back`, "hiddenFrom")}
                {client && (
                    <Link to="/dossiers/$clientId/money" params={{ clientId: client.id }} className={`truncate ${classes.client}`}>
                        {client.name}
                    </Link>
                )}
                {status}
                {note}
            </Group>
            <Group gap={6} wrap="nowrap" ml="auto">
                {children}
                <ActionIcon variant="subtle" color="gray" aria-label={t`Print`} title={t`Print`} onClick={() => print()}>
                    <IconPrinter size={18} stroke={1.6} />
                </ActionIcon>
                {close(<IconX size={18} />, t`Close`, "visibleFrom")}
            </Group>
        </header>
    );
}
