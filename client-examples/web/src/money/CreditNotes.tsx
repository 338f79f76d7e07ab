import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { formatDay } from "../billing/format";
import type { CreditNoteRow } from "../billing/rows";
import { CreditNoteStatus } from "../billing/StatusBadge";
import { formatMoney } from "../text/format";
import classes from "./Document.module.css";

/** The credit notes of an invoice. */
export function CreditNotes({ creditNotes }: { creditNotes: CreditNoteRow[] }) {
    if (creditNotes.length === 0) return null;
    return (
        <section className={classes.beside}>
            <h3 className={classes.heading}>
                <Trans>Credit notes</Trans>
            </h3>
            <div className={classes.entries}>
                {creditNotes.map((creditNote) => (
                    <Link
                        key={creditNote.id}
                        to="/money/credit-notes/$creditNoteId"
                        params={{ creditNoteId: creditNote.id }}
                        search={(search: object) => search}
                        className={classes.entry}
                    >
                        <span className={classes.text}>
                            {creditNote.title}
                            <small>{[creditNote.number, creditNote.issuedOn && formatDay(creditNote.issuedOn)].filter(Boolean).join(" · ")}</small>
                        </span>
                        <CreditNoteStatus creditNote={creditNote} />
                        <span className={classes.amount}>{formatMoney(creditNote.total)}</span>
                    </Link>
                ))}
            </div>
        </section>
    );
}
