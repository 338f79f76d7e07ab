import type { ReactNode } from "react";
import classes from "./Money.module.css";

interface Props {
    number: string | null;
    title: string;
    client?: string | undefined;
    /** The day with its meaning, such as “due on 12 nov. 2026”. */
    day: ReactNode;
    status: ReactNode;
    amount: ReactNode;
}

/** The columns of a quote, an invoice or a credit note. */
export const MoneyRow = ({ number, title, client, day, status, amount }: Props) => (
    <>
        <span className={classes.number}>{number}</span>
        <span className={classes.what}>
            <span className={`truncate ${classes.title}`}>{title}</span>
            {client && <span className={`truncate ${classes.client}`}>{client}</span>}
        </span>
        <span className={classes.day}>{day}</span>
        <span className={classes.status}>{status}</span>
        <span className={`figures ${classes.amount}`}>{amount}</span>
    </>
);
