import { useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { getRouteApi, Outlet, useLocation, useParams } from "@tanstack/react-router";
import { ListDetail } from "../hub/ListDetail";
import { CreditNoteList } from "./CreditNoteList";
import { InvoiceList } from "./InvoiceList";
import classes from "./Money.module.css";
import { MoneyHeader } from "./MoneyHeader";
import { MonthList } from "./MonthList";
import { Overview } from "./Overview";
import { QuoteList } from "./QuoteList";

const route = getRouteApi("/app/hub/money");

/** The amounts due, overdue and received, and the quotes, invoices and credit notes of all dossiers. */
export function MoneyPage() {
    const { t } = useLingui();
    useDocumentTitle(t`Money`);
    const { quoteId, invoiceId, creditNoteId } = useParams({ strict: false });
    const { client, search } = route.useSearch();
    const { pathname } = useLocation();
    const selected = quoteId ?? invoiceId ?? creditNoteId;
    const list = (
        <div className={classes.scroll}>
            <MoneyHeader />
            {!selected && !client && !search && <Overview />}
            <Rows selected={selected} />
        </div>
    );
    const detail = selected && (
        // Each document begins at its top.
        <div key={pathname} className={classes.scroll}>
            <Outlet />
        </div>
    );
    return <ListDetail wide open={selected !== undefined} list={list} detail={detail} />;
}

function Rows({ selected }: { selected: string | undefined }) {
    const { kind, month } = route.useSearch();
    if (kind === "quotes") return <QuoteList selected={selected} />;
    if (kind === "creditNotes") return <CreditNoteList selected={selected} />;
    if (month) return <MonthList month={month} selected={selected} />;
    return <InvoiceList selected={selected} />;
}
