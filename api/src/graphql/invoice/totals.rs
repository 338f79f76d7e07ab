//! Sums over the rows of a list.

use super::{Invoice, Money, filter::OPEN};
use crate::graphql::{connection::Rows, inline::InlineList, node::Node, request::ContextExt};
use async_graphql::{Context, SimpleObject};
use dossier_core::error::Error;
use dossier_data::Sum;
use dossier_domain::calendar;
use entities::invoice::{Column, Entity, Status};
use sea_orm::{ColumnTrait, Condition};
use std::collections::BTreeMap;

/// The sums of quotes or credit notes in one currency.
#[derive(SimpleObject)]
pub struct BillingTotals {
    /// The ISO 4217 code of the currency.
    currency: String,
    /// The number of rows.
    count: u64,
    /// The sum without VAT.
    net: Money,
    /// The sum of the VAT.
    vat: Money,
    /// The sum with VAT.
    total: Money,
}

/// The sums of issued invoices in one currency.
#[derive(SimpleObject)]
pub struct InvoiceTotals {
    /// The ISO 4217 code of the currency.
    currency: String,
    /// The number of invoices.
    count: u64,
    /// The sum without VAT.
    net: Money,
    /// The sum of the VAT.
    vat: Money,
    /// The sum with VAT.
    total: Money,
    /// Payments minus reversals.
    paid: Money,
    /// The sum of the issued credit notes.
    credited: Money,
    /// The amount still to be paid: the total minus paid and credited.
    due: Money,
    /// The part of the amount due whose last day to pay is over.
    overdue: Money,
    /// The number of overdue invoices.
    overdue_count: u64,
}

/// Returns the sums of the issued ones among quotes or credit notes.
pub async fn of<N: Node<Entity = Entity>>(
    ctx: &Context<'_>,
    rows: Rows<N>,
) -> Result<InlineList<BillingTotals>, Error> {
    let sums =
        issued(&rows).sums(ctx, &[Column::Currency], &[Column::NetTotal, Column::VatTotal, Column::Total]).await?;
    let totals = |Sum { by, of, count }: Sum| {
        let currency = by.into_iter().next().unwrap_or_default();
        let money = |index: usize| Money::new(of.get(index).copied().unwrap_or_default(), &currency);
        BillingTotals { count, net: money(0), vat: money(1), total: money(2), currency }
    };
    Ok(sums.into_iter().map(totals).collect())
}

/// Returns the sums of the issued ones among invoices.
pub async fn of_invoices(ctx: &Context<'_>, rows: Rows<Invoice>) -> Result<InlineList<InvoiceTotals>, Error> {
    const COLUMNS: [Column; 5] =
        [Column::NetTotal, Column::VatTotal, Column::Total, Column::PaidTotal, Column::CreditedTotal];
    let today = calendar::today(&*ctx.tx().await?).await?;
    let late = Condition::all().add(Column::Status.is_in(OPEN)).add(Column::DueOn.lt(today));
    let rows = issued(&rows);
    let overdue = rows.and_scan(late).sums(ctx, &[Column::Currency], &COLUMNS).await?;
    let due = |of: &[i64]| of.get(2).copied().unwrap_or_default() - of.iter().skip(3).sum::<i64>();
    let overdue: BTreeMap<_, _> = overdue.into_iter().map(|sum| (sum.by, (due(&sum.of), sum.count))).collect();
    let sums = rows.sums(ctx, &[Column::Currency], &COLUMNS).await?;
    let totals = |Sum { by, of, count }: Sum| {
        let (late, overdue_count) = overdue.get(&by).copied().unwrap_or_default();
        let currency = by.into_iter().next().unwrap_or_default();
        let money = |amount: i64| Money::new(amount, &currency);
        let sum = |index: usize| money(of.get(index).copied().unwrap_or_default());
        InvoiceTotals {
            count,
            net: sum(0),
            vat: sum(1),
            total: sum(2),
            paid: sum(3),
            credited: sum(4),
            due: money(due(&of)),
            overdue: money(late),
            overdue_count,
            currency,
        }
    };
    Ok(sums.into_iter().map(totals).collect())
}

fn issued<N: Node<Entity = Entity>>(rows: &Rows<N>) -> Rows<N> {
    rows.and_scan(Condition::all().add(Column::Status.ne(Status::Draft)))
}
