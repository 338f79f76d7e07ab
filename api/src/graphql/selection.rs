//! The columns that the selected fields of an object read. Only these columns are read from the database.

use super::node::{Node, Reads};
use async_graphql::{Context, SelectionField};
use dossier_data::Columns;
use sea_orm::EntityTrait;
use std::str::FromStr;

/// Returns the columns that the current field reads from its objects' rows.
pub fn of_object<N: Node>(ctx: &Context<'_>) -> Columns<N::Entity> {
    let mut columns = basics::<N>();
    add::<N>(&mut columns, ctx.field().selection_set());
    columns
}

/// The fields of a connection that read its page.
pub const OF_PAGE: [&str; 3] = ["nodes", "edges", "pageInfo"];

/// Returns whether the current connection reads its page, and not only the number of rows.
pub fn reads_page(ctx: &Context<'_>) -> bool {
    ctx.field().selection_set().any(|part| OF_PAGE.contains(&part.name()))
}

/// Returns the columns that the current connection reads from the rows of its page.
pub fn of_connection<N: Node>(ctx: &Context<'_>) -> Columns<N::Entity> {
    let mut columns = basics::<N>();
    for part in ctx.field().selection_set() {
        match part.name() {
            "nodes" => add::<N>(&mut columns, part.selection_set()),
            "edges" => part
                .selection_set()
                .filter(|field| field.name() == "node")
                .for_each(|node| add::<N>(&mut columns, node.selection_set())),
            _ => {}
        }
    }
    columns
}

fn basics<N: Node>() -> Columns<N::Entity> {
    let mut columns = Columns::NONE;
    columns.add(N::BASICS.iter().copied());
    columns
}

fn add<'a, N: Node>(columns: &mut Columns<N::Entity>, fields: impl Iterator<Item = SelectionField<'a>>) {
    for field in fields {
        match N::reads(field.name()) {
            Reads::Only(read) => columns.add(read.iter().copied()),
            Reads::Namesake if field.name() == "__typename" => {}
            Reads::Namesake => match <N::Entity as EntityTrait>::Column::from_str(field.name()) {
                Ok(column) => columns.add([column]),
                Err(_) => *columns = Columns::ALL,
            },
        }
    }
}
