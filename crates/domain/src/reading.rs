//! How far members have read conversations.

use dossier_core::error::{Error, UserError};
use dossier_data::{ReadTx, WriteTx};
use dossier_policy::RowPolicy;
use entities::{
    conversation,
    message::{Column, Entity as Message},
    read_marker::{self as marker, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Expr, ExprTrait, Func, Order, Query},
};
use uuid::Uuid;

/// Records that the viewer has read a conversation up to a message, or up to its newest one. A marker never goes back.
pub async fn mark(tx: &WriteTx, conversation: Uuid, message: Option<Uuid>) -> Result<Uuid, Error> {
    let member = tx.member()?;
    // Locked, so that two devices do not both insert the first marker.
    let row = tx.visible::<conversation::Entity>(conversation, "id").await?;
    let messages = tx.find::<Message>().filter(Column::ConversationId.eq(conversation));
    let messages = match message {
        Some(message) => messages.filter(Column::Id.eq(message)),
        None => messages,
    };
    let last = match (messages.order_by(Column::Id, Order::Desc).one().await?, message) {
        (Some(last), _) => last.id,
        (None, Some(_)) => return Err(UserError::not_found("message_id").into()),
        (None, None) => return Ok(conversation),
    };
    let of_viewer = tx.find::<Entity>().filter(marker::Column::ConversationId.eq(conversation));
    let of_viewer = of_viewer.filter(marker::Column::MembershipId.eq(member.membership));
    match of_viewer.for_update().one().await? {
        Some(before) if before.message_id >= last => {}
        Some(before) => {
            let after = Model { message_id: last, updated_at: tx.now, ..before.clone() };
            tx.update_without_event(&before, after).await?;
        }
        None => {
            let row = Model {
                id: tx.new_id(),
                organization_id: row.organization_id,
                client_id: row.client_id,
                membership_id: member.membership,
                conversation_id: conversation,
                message_id: last,
                updated_at: tx.now,
            };
            tx.insert_without_event(row).await?;
        }
    }
    Ok(conversation)
}

/// Returns the condition of the messages that the viewer has not read: those of other people behind the marker. Without
/// a marker, all that was posted since the viewer became a member is unread. Keys are in the order of time, also the
/// key of the membership.
pub fn unread(tx: &ReadTx) -> Result<Condition, Error> {
    let member = tx.member()?;
    let read = Query::select()
        .column(marker::Column::MessageId)
        .from(Entity)
        .and_where(marker::Column::OrganizationId.into_expr().eq(member.organization))
        .and_where(marker::Column::MembershipId.into_expr().eq(member.membership))
        .and_where(marker::Column::ConversationId.into_expr().eq(Column::ConversationId.into_expr()))
        .take();
    let read = Expr::SubQuery(None, Box::new(read.into()));
    let of_others = Condition::any().add(Column::AuthorId.is_null()).add(Column::AuthorId.ne(member.user));
    Ok(Condition::all()
        .add(of_others)
        .add(Column::DeletedAt.is_null())
        .add(Column::Id.into_expr().gt(Func::coalesce([read, Expr::val(member.membership)]))))
}

/// Returns the number of messages in a conversation that the viewer has not read. One statement counts those of several
/// conversations.
pub async fn unread_count(tx: &ReadTx, conversation: Uuid) -> Result<u64, Error> {
    tx.find::<Message>().filter(unread(tx)?).count_of(Column::ConversationId, conversation).await
}

/// Returns the last message that the viewer has read, if they have marked one.
pub async fn last_read(tx: &ReadTx, conversation: Uuid) -> Result<Option<Uuid>, Error> {
    let id = marker::Column::Id;
    let first = dossier_data::Arguments { first: Some(1), ..dossier_data::Arguments::default() };
    let slice = dossier_data::Slice::new(dossier_data::Order { column: None, id, descending: false }, first)?;
    let mine = tx.find::<Entity>().filter(marker::Column::MembershipId.eq(tx.member()?.membership));
    let page = mine.page_of(marker::Column::ConversationId, conversation, slice).await?;
    Ok(page.rows.first().map(|row| row.message_id))
}

/// Returns the condition of conversations with messages that the viewer has not read. It is looked up for each row.
pub fn has_unread(tx: &ReadTx) -> Result<Expr, Error> {
    let of_conversation = Column::ConversationId.into_expr().eq(conversation::Column::Id.into_expr());
    let messages = Message::visible_to(&tx.viewer).add(unread(tx)?).add(of_conversation);
    Ok(Expr::exists(Query::select().column(Column::Id).from(Message).cond_where(messages).take()))
}
