//! The schema. Each feature has a folder, and all folders have the same file names.

mod account;
mod any_node;
mod api_key;
mod attempt;
mod audit;
mod budget;
mod call;
mod client;
mod coerce;
mod completion;
mod connection;
mod conversation;
mod cost;
mod credit_note;
mod document;
mod event;
mod execute;
mod external_identity;
mod factor;
pub mod guard;
pub mod id;
pub mod inline;
mod input;
mod introspection;
mod invitation;
mod invoice;
mod lexer;
pub mod limits;
pub mod lists;
mod lookup;
mod member;
mod node;
mod operation;
mod organization;
mod passkey;
mod payload;
mod payment;
mod personal;
mod prepare;
mod presence;
mod private_downloads;
mod quote;
mod report;
mod request;
mod request_context;
mod scalar;
mod selection;
mod session;
mod storage;
mod subscription_root;
mod unrepeatable;
mod validation;
mod viewer;
mod viewer_can;
mod without_factor;

pub use audit::subject_id;
pub use call::{Call, Document, Prepared};
pub use execute::Executor;
pub use lexer::{check_input_objects, unescape};
pub use operation::find_operation;
pub use report::{add_request_id, request_error, retry_after, too_much, unparsable};
pub use request_context::{Browser, ExecutionState, OpenSubscription, RefreshCookie, RequestContext};

use crate::app::App;
use async_graphql::{
    Context, MergedObject, MergedSubscription, Response, SDLExportOptions, SubscriptionType, registry::Registry,
};
use futures::Stream;
use std::{borrow::Cow, pin::Pin, sync::Arc};

/// The queries.
#[derive(MergedObject, Default)]
pub struct Query(
    viewer::ViewerQuery,
    any_node::NodeQuery,
    member::MemberQuery,
    invitation::InvitationQuery,
    session::SessionQuery,
    external_identity::ExternalIdentityQuery,
    api_key::ApiKeyQuery,
    audit::AuditQuery,
    client::ClientQuery,
    document::DocumentQuery,
    conversation::ConversationQuery,
    event::EventQuery,
    validation::ValidationQuery,
    quote::QuoteQuery,
    invoice::InvoiceQuery,
    credit_note::CreditNoteQuery,
);

/// The mutations. Each field is a transaction of its own. They run one after the other.
#[derive(MergedObject, Default)]
pub struct Mutation(
    viewer::SignInMutation,
    session::SessionMutation,
    account::AccountMutation,
    factor::FactorMutation,
    passkey::PasskeyMutation,
    passkey::PasskeySignInMutation,
    external_identity::ExternalIdentityMutation,
    member::MemberMutation,
    invitation::InvitationMutation,
    api_key::ApiKeyMutation,
    organization::OrganizationMutation,
    client::ClientMutation,
    client::LegalHoldMutation,
    document::DocumentMutation,
    document::TrashMutation,
    document::UploadMutation,
    conversation::ConversationMutation,
    validation::ValidationMutation,
    quote::QuoteMutation,
    invoice::InvoiceMutation,
    invoice::DraftMutation,
    payment::PaymentMutation,
    presence::PresenceMutation,
    credit_note::CreditNoteMutation,
);

/// The subscriptions.
#[derive(MergedSubscription, Default)]
#[graphql(name = "Subscription")]
pub struct SubscriptionFields(
    event::EventSubscription,
    presence::PresenceSubscription,
    validation::ValidationSubscription,
);

/// The subscriptions.
#[derive(Default)]
pub struct Subscription(SubscriptionFields);

/// The arguments of subscriptions that are `@personal`. The subscription macro supports no directives on arguments.
const PERSONAL_ARGUMENTS: [(&str, &str); 1] = [("validationHub", "assignedToMe")];

impl SubscriptionType for Subscription {
    fn type_name() -> Cow<'static, str> {
        <SubscriptionFields as SubscriptionType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = SubscriptionFields::create_type_info(registry);
        for (field, argument) in PERSONAL_ARGUMENTS {
            personal::mark(registry, &Self::type_name(), field, argument);
        }
        scalar::describe_date_time(registry);
        name
    }

    fn create_field_stream<'c>(
        &'c self,
        ctx: &'c Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'c>>> {
        self.0.create_field_stream(ctx)
    }
}

/// The executable schema.
pub type Schema = Arc<Executor<Query, Mutation, Subscription>>;

/// The schema of a running server.
pub fn schema(app: App) -> Schema {
    Arc::new(Executor::new(app))
}

/// Returns the text of the schema in sorted order. `schema.graphql` holds this text.
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .prefer_single_line_descriptions();
    let schema = async_graphql::Schema::new(Query::default(), Mutation::default(), Subscription::default());
    schema.sdl_with_options(options)
}
