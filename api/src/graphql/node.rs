//! The types whose rows have ids.

use async_graphql::ObjectType;
use dossier_policy::Rows;
use sea_orm::{Condition, EntityTrait, ModelTrait, PrimaryKeyTrait};
use uuid::Uuid;

/// What a field reads of its object's row.
pub enum Reads<C: 'static> {
    /// The column that is called as the field is; all of them, where there is none.
    Namesake,
    /// These.
    Only(&'static [C]),
}

/// A type whose rows have ids.
pub trait Node: ObjectType + Sized + Send + Sync + 'static {
    /// The table.
    type Entity: Rows<Model = Self::Row, PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>;
    /// Its rows.
    type Row: ModelTrait<Entity = Self::Entity> + Default + Send + Sync;

    /// Begins its ids.
    const PREFIX: &'static str;

    /// The columns that every object needs, whatever is asked of it.
    const BASICS: &'static [<Self::Entity as EntityTrait>::Column];

    /// The object of a row; none when the row is of another type that shares the table.
    fn of(row: Self::Row) -> Option<Self>;

    /// Its row.
    fn row(&self) -> &Self::Row;

    /// Which rows of the table are of this type.
    fn only() -> Condition {
        Condition::all()
    }

    /// What a field reads of the row besides.
    fn reads(_field: &str) -> Reads<<Self::Entity as EntityTrait>::Column> {
        Reads::Namesake
    }
}
