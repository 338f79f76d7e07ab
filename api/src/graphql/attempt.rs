//! Attempts to authenticate.

use super::request::Request;
use crate::{observe::Way, refusal::refused_attempt};
use dossier_core::error::Error;
use futures::future::BoxFuture;

impl Request {
    /// Runs an attempt to authenticate, and records if it is refused. The attempt is boxed, because it is large, and each
    /// feature between the root and its resolver would reserve memory for it.
    pub(super) async fn attempt<T>(
        &self,
        way: Way,
        account: Option<&str>,
        attempt: BoxFuture<'_, Result<T, Error>>,
    ) -> Result<T, Error> {
        let result = attempt.await;
        if let Err(error) = &result {
            refused_attempt(self.app(), way, account, self.address(), error);
        }
        result
    }
}
