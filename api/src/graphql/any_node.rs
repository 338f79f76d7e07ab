//! Relay's `Node`: every object with an id can be read by its id.

use super::{
    api_key::ApiKey,
    audit::AuditEntry,
    client::Client,
    conversation::{Conversation, Message},
    credit_note::CreditNote,
    document::{Document, DocumentVersion},
    external_identity::ExternalIdentity,
    id,
    invitation::Invitation,
    invoice::Invoice,
    lookup::whole,
    member::Member,
    node::Node,
    organization::Site,
    payment::Payment,
    quote::Quote,
    request::ContextExt,
    session::Session,
    validation::{ValidationComment, ValidationRequest, ValidationStep},
};
use async_graphql::{Context, ID, Interface, Object};
use dossier_core::error::Error;
use dossier_data::ReadTx;
use uuid::Uuid;

macro_rules! nodes {
    ($($node:ident),* $(,)?) => {
        /// An object with a permanent id.
        #[derive(Interface)]
        #[graphql(name = "Node", field(name = "id", ty = "ID", desc = "The permanent, opaque global id. It begins with the type's name."))]
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
    ApiKey,
    AuditEntry,
    Client,
    Conversation,
    CreditNote,
    Document,
    DocumentVersion,
    ExternalIdentity,
    Invitation,
    Invoice,
    Member,
    Message,
    Payment,
    Quote,
    Session,
    Site,
    ValidationComment,
    ValidationRequest,
    ValidationStep,
);

/// The queries of this feature, merged into [`super::Query`].
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// An object by its global id. Null if no such object exists or the viewer cannot see it.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "An id from any `id` field of the API.")] id: ID,
    ) -> Result<Option<AnyNode>, Error> {
        let tx = ctx.tx().await?;
        tx.member()?;
        let Some((prefix, uuid)) = id::decode(&id) else {
            return Err(Error::bad_input("id", format!("`{}` is not a valid id; use the value of an `id` field", *id)));
        };
        any(&tx, prefix, uuid).await
    }
}
