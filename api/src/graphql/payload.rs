//! Payloads: what a mutation did, read after it is committed, or why it did not.

use async_graphql::{Enum, SimpleObject};
use dossier_core::error::{UserError, UserErrorCode};

/// The kinds of refusal that a caller can act on.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "UserErrorCode", remote = "UserErrorCode")]
pub enum UserErrorCodeEnum {
    /// There is no such row within the viewer's reach. Rows that exist elsewhere answer the same.
    NotFound,
    /// The row is seen, but the viewer's role may not do this with it.
    Forbidden,
    /// The row's state does not allow this, or somebody else was faster.
    Conflict,
    /// A value is wrong; the message says what would be right.
    Invalid,
}

/// Why a mutation did nothing, in a form that a program can act on.
#[derive(SimpleObject)]
#[graphql(name = "UserError")]
pub struct UserErrorObject {
    /// What kind of refusal it is.
    code: UserErrorCodeEnum,
    /// The path of the input field it is about, such as `["lines", "2", "vatRate"]`; null when it is about the whole.
    field: Option<Vec<String>>,
    /// Why, and what would be right. In English, for developers; not stable.
    message: String,
}

impl From<&UserError> for UserErrorObject {
    fn from(user_error: &UserError) -> Self {
        Self {
            code: user_error.code.into(),
            field: user_error.field.as_ref().map(|path| path.split('.').map(camel_case).collect()),
            message: user_error.message.clone(),
        }
    }
}

/// Returns the GraphQL name of an input field that the domain names in `snake_case`. A name in camelCase stays as it is:
/// records of repeated mutations may hold some.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// Writes a payload type: an object that shows one row, and `userErrors`.
macro_rules! payload {
    ($(#[doc = $doc:literal])+ $name:ident { $(#[doc = $field_doc:literal])+ $field:ident: $node:ty }) => {
        $(#[doc = $doc])+
        pub struct $name(dossier_data::Outcome);

        impl From<dossier_data::Outcome> for $name {
            fn from(outcome: dossier_data::Outcome) -> Self {
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
            ) -> ::std::result::Result<Option<$node>, dossier_core::error::Error> {
                $crate::graphql::lookup::written::<$node>(ctx, &self.0).await
            }

            /// Why nothing was done; empty when it was.
            async fn user_errors(&self) -> Vec<$crate::graphql::payload::UserErrorObject> {
                self.0.user_error().map(Into::into).into_iter().collect()
            }
        }
    };
}
pub(super) use payload;

#[cfg(test)]
mod tests {
    use super::UserErrorObject;
    use dossier_core::error::UserError;

    #[test]
    fn fields_have_their_graphql_names() {
        let field = |path| UserErrorObject::from(&UserError::not_found(path)).field.unwrap_or_default().join(".");
        assert_eq!(field("name"), "name");
        assert_eq!(field("sha256"), "sha256");
        assert_eq!(field("document_version_id"), "documentVersionId");
        assert_eq!(field("lines.2.vat_rate"), "lines.2.vatRate");
        assert_eq!(field("lines.2.vatRate"), "lines.2.vatRate", "as earlier versions recorded it");
    }
}
