//! Payloads: what a mutation did, read after it is committed, or why it did not.

use crate::failure::{Refusal, RefusalCode};
use async_graphql::SimpleObject;

/// Why a mutation did nothing, in a form that a program can act on.
#[derive(SimpleObject)]
pub struct UserError {
    /// What kind of refusal it is.
    code: RefusalCode,
    /// The path of the input field it is about, such as `["lines", "2", "vatRate"]`; null when it is about the whole.
    field: Option<Vec<String>>,
    /// Why, and what would be right. In English, for developers; not stable.
    message: String,
}

impl From<&Refusal> for UserError {
    fn from(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code,
            field: refusal.field.as_ref().map(|path| path.split('.').map(str::to_owned).collect()),
            message: refusal.message.clone(),
        }
    }
}

/// Writes a payload type: an object that shows one row, and `userErrors`.
macro_rules! payload {
    ($(#[doc = $doc:literal])+ $name:ident { $(#[doc = $field_doc:literal])+ $field:ident: $node:ty }) => {
        $(#[doc = $doc])+
        pub struct $name($crate::access::Outcome);

        impl From<$crate::access::Outcome> for $name {
            fn from(outcome: $crate::access::Outcome) -> Self {
                Self(outcome)
            }
        }

        $(#[doc = $doc])+
        #[::async_graphql::Object]
        impl $name {
            $(#[doc = $field_doc])+
            async fn $field(
                &self,
                ctx: &::async_graphql::Context<'_>,
            ) -> ::std::result::Result<Option<$node>, $crate::failure::Failure> {
                $crate::graphql::node::written::<$node>(ctx, &self.0).await
            }

            /// Why nothing was done; empty when it was.
            async fn user_errors(&self) -> Vec<$crate::graphql::payload::UserError> {
                self.0.refusal().map(Into::into).into_iter().collect()
            }
        }
    };
}
pub(super) use payload;
