//! Payloads: the result of a mutation, read after the commit, or the reasons why it changed nothing.

use async_graphql::{Enum, SimpleObject};
pub use dossier_core::error::separate;
use dossier_core::error::{UserError, UserErrorCode};

/// The kinds of user errors.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "UserErrorCode", remote = "UserErrorCode")]
pub enum UserErrorCodeEnum {
    /// The object does not exist or the viewer cannot see it. The two cases are not distinguished.
    NotFound,
    /// The viewer can see the object, but may not do this with it.
    Forbidden,
    /// The state of the object does not allow this, or somebody else changed it first.
    Conflict,
    /// A value is not valid. The message says which values are.
    Invalid,
    /// The last proof of the viewer's identity is too old. Call `confirmIdentity`, and repeat the mutation.
    RecentProofRequired,
}

/// A reason why a mutation changed nothing, in a form that programs can handle.
#[derive(SimpleObject)]
#[graphql(name = "UserError")]
pub struct UserErrorObject {
    /// The kind of error.
    code: UserErrorCodeEnum,
    /// The path of the input field, such as `["lines", "2", "vatRate"]`. Null if the error is about the whole input.
    field: Option<Vec<String>>,
    /// A description in English, for developers. It says what would be valid. The text may change.
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

/// Returns the GraphQL name of a field that the domain names in `snake_case`. A name in camelCase stays the
/// same, because stored results of idempotent mutations may contain such names.
pub(super) fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// Declares a payload type: an object with one row, and `userErrors`.
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

            /// The reasons why the mutation changed nothing. Empty on success.
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
