//! What a credit note shows.

use crate::graphql::{
    id::Id,
    invoice::{Bill, CreditNoteStatus, Invoice},
    node::{self, Node},
    selection::Reads,
};
use async_graphql::{Context, ID, Object};
use dossier_core::error::Error;
use entities::invoice::{Column, Entity, Kind, Model};
use sea_orm::{ColumnTrait, Condition};

/// What is taken off an issued invoice (avoir); its amounts are positive.
pub struct CreditNote(pub Model);

impl Node for CreditNote {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "credit_note";

    const BASICS: &'static [Column] = Bill::BASICS;

    fn of(row: Model) -> Option<Self> {
        (row.kind == Kind::CreditNote).then_some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn only() -> Condition {
        Condition::all().add(Column::Kind.eq(Kind::CreditNote))
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "invoice" => Reads::Only(&[Column::OriginId]),
            _ => Bill::reads(field),
        }
    }
}

/// What is taken off an issued invoice (avoir); its amounts are positive.
// The macro awaits every field.
#[allow(clippy::unused_async)]
#[Object]
impl CreditNote {
    /// `credit_note_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    #[graphql(flatten)]
    async fn bill(&self) -> Bill<'_> {
        Bill(&self.0)
    }

    /// Where it stands.
    async fn status(&self) -> Result<CreditNoteStatus, Error> {
        self.0.status.try_into()
    }

    /// The invoice that it corrects.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<Invoice>, Error> {
        node::find(ctx, self.0.origin_id).await
    }
}
