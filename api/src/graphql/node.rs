//! Relay's `Node`: everything with an id can be asked for by it.

use super::selection::{self, Reads};
use super::{
    client::Client,
    conversation::{Conversation, Message},
    credit_note::CreditNote,
    document::{Document, DocumentVersion},
    id,
    invoice::Invoice,
    member::Member,
    payment::Payment,
    quote::Quote,
    request::ContextExt,
    validation::{ValidationRequest, ValidationStep},
    viewer::Site,
};
use async_graphql::{Context, ID, Interface, Object, ObjectType};
use dossier_core::error::Error;
use dossier_data::{Outcome, ReadTx};
use dossier_policy::Rows;
use sea_orm::{Condition, EntityTrait, ModelTrait, PrimaryKeyTrait};
use uuid::Uuid;

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

/// The object with this key, if it exists for the viewer, for the field that is being resolved.
pub async fn get<N: Node>(ctx: &Context<'_>, id: Uuid) -> Result<Option<N>, Error> {
    let columns = selection::of_object::<N>(ctx);
    Ok(ctx.tx().await?.get_columns::<N::Entity>(id, columns).await?.and_then(N::of))
}

/// As [`get`], where there may be none to get.
pub async fn find<N: Node>(ctx: &Context<'_>, id: Option<Uuid>) -> Result<Option<N>, Error> {
    match id {
        Some(id) => get(ctx, id).await,
        None => Ok(None),
    }
}

/// The object that a mutation wrote; none when it was refused, or when the viewer moved the row out of their own sight.
/// A row that is not stored at all is an error: the caller must not take it for a success.
pub async fn written<N: Node>(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<N>, Error> {
    let Some(id) = outcome.subject() else { return Ok(None) };
    let object = get(ctx, id).await?;
    if object.is_none() && !ctx.tx().await?.is_stored::<N::Entity>(id).await? {
        return Err(Error::internal(format!("{} {id} was written and committed, but it is not stored", N::PREFIX)));
    }
    Ok(object)
}

/// The whole object with this key, if it exists for the viewer.
pub async fn whole<N: Node>(tx: &ReadTx, id: Uuid) -> Result<Option<N>, Error> {
    Ok(tx.get::<N::Entity>(id).await?.and_then(N::of))
}

macro_rules! nodes {
    ($($node:ident),* $(,)?) => {
        /// Something with an id that stays the same for ever.
        #[derive(Interface)]
        #[graphql(name = "Node", field(name = "id", ty = "ID", desc = "Opaque; begins with the name of the type."))]
        #[allow(clippy::large_enum_variant)]
        pub enum AnyNode {
            $(
                #[doc(hidden)]
                $node($node),
            )*
        }

        async fn any(tx: &ReadTx, prefix: &str, id: Uuid) -> Result<Option<AnyNode>, Error> {
            $(if prefix == <$node as Node>::PREFIX {
                return Ok(whole::<$node>(tx, id).await?.map(AnyNode::from));
            })*
            Ok(None)
        }
    };
}

nodes!(
    Client,
    Conversation,
    CreditNote,
    Document,
    DocumentVersion,
    Invoice,
    Member,
    Message,
    Payment,
    Quote,
    Site,
    ValidationRequest,
    ValidationStep,
);

/// See [`super::Query`].
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Whatever has this id; null when there is nothing with it within the viewer's reach.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Any id that the API gave.")] id: ID,
    ) -> Result<Option<AnyNode>, Error> {
        let tx = ctx.tx().await?;
        tx.member()?;
        let Some((prefix, uuid)) = id::decode(&id) else {
            return Err(Error::bad_input("id", format!("`{}` is not an id; take one from an `id` field", *id)));
        };
        any(&tx, prefix, uuid).await
    }
}
