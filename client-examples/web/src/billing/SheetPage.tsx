import { Trans } from "@lingui/react/macro";
import { Fragment, type ReactNode } from "react";
import type { Seller, Sheet } from "./queries";
import classes from "./Sheet.module.css";

interface Props {
    /** The kind of the document, such as “Invoice”. */
    kind: ReactNode;
    sheet: Sheet;
    seller: Seller | null | undefined;
    /** The days below the number, with their labels. */
    dates: [label: ReactNode, day: ReactNode][];
    title: ReactNode;
    /** Whether the title is an input, so that the kind is the heading. */
    isDraft?: boolean;
    /** The lines, the totals and the note. */
    children: ReactNode;
}

/** A quote, an invoice or a credit note as it stands on paper. */
export function SheetPage({ kind, sheet, seller, dates, title, isDraft, children }: Props) {
    const { number, client } = sheet;
    const Kind = isDraft ? "h2" : "div";
    return (
        <div className={classes.sheet}>
            <div className={classes.page}>
                <div className={classes.head}>
                    <div>
                        <Kind className={classes.kind}>{kind}</Kind>
                        <div className={classes.number}>{number ?? <Trans>Number when issued</Trans>}</div>
                    </div>
                    <dl className={classes.dates}>
                        {dates.map(([label, day], index) => (
                            <Fragment key={index}>
                                <dt>{label}</dt>
                                <dd>{day}</dd>
                            </Fragment>
                        ))}
                    </dl>
                </div>
                <div className={classes.parties}>
                    {seller && (
                        <div className={classes.party}>
                            <span className={classes.label}>
                                <Trans>From</Trans>
                            </span>
                            <span className={classes.name}>{seller.legalName ?? seller.name}</span>
                            {[seller.address, seller.registrationNumber, seller.vatNumber].filter(Boolean).map((line) => `\n${line}`)}
                        </div>
                    )}
                    {client && (
                        <div className={classes.party}>
                            <span className={classes.label}>
                                <Trans>To</Trans>
                            </span>
                            <span className={classes.name}>{client.name}</span>
                            {client.billingAddress && `\n${client.billingAddress}`}
                        </div>
                    )}
                </div>
                {title}
                {children}
                {seller?.legalNotice && <div className={classes.legal}>{seller.legalNotice}</div>}
            </div>
        </div>
    );
}
