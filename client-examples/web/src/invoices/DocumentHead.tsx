import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Anchor } from "@mantine/core";
import { IconArrowLeft, IconPrinter } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { PortalTitle } from "../portal/PortalTitle";
import classes from "./MyInvoices.module.css";

/** The way back to the list, the title, and a button to print. */
export function DocumentHead({ children }: { children: ReactNode }) {
    const { t } = useLingui();
    return (
        <>
            <Anchor renderRoot={(props) => <Link to="/portal/invoices" {...props} />} fz="sm" className={classes.back}>
                <IconArrowLeft size={16} aria-hidden /> <Trans>Quotes and invoices</Trans>
            </Anchor>
            <PortalTitle
                action={
                    <ActionIcon variant="default" size={42} aria-label={t`Print`} title={t`Print`} onClick={() => print()}>
                        <IconPrinter size={20} stroke={1.6} />
                    </ActionIcon>
                }
            >
                {children}
            </PortalTitle>
        </>
    );
}
