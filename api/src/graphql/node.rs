//! The types whose rows have global ids.

use async_graphql::ObjectType;
use dossier_policy::RowPolicy;
use sea_orm::{Condition, EntityTrait, ModelTrait, PrimaryKeyTrait};
use uuid::Uuid;

/// The columns that a field reads from its object's row.
pub enum Reads<C: 'static> {
    /// The column with the name of the field, or all columns if there is none.
    Namesake,
    /// These columns.
    Only(&'static [C]),
}

/// A type whose rows have global ids.
pub trait Node: ObjectType + Sized + Send + Sync + 'static {
    /// The table.
    type Entity: RowPolicy<Model = Self::Row, PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>;
    /// The rows of the table.
    type Row: ModelTrait<Entity = Self::Entity> + Default + Send + Sync;

    /// The prefix of its ids.
    const PREFIX: &'static str;

    /// The columns that every object needs.
    const BASICS: &'static [<Self::Entity as EntityTrait>::Column];

    /// Returns the object of a row. `None` if the row is of another type that shares the table.
    fn of(row: Self::Row) -> Option<Self>;

    /// Returns the row of the object.
    fn row(&self) -> &Self::Row;

    /// Returns the condition that selects the rows of this type.
    fn only() -> Condition {
        Condition::all()
    }

    /// Returns the further columns that a field reads.
    fn reads(_field: &str) -> Reads<<Self::Entity as EntityTrait>::Column> {
        Reads::Namesake
    }
}
