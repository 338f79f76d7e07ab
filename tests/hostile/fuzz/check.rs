//! Checks answers, and counts their kinds.

use super::Finding;
use crate::support::Value;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// Counts answers by kind. They show whether requests still get past the parser.
#[derive(Default)]
pub struct Tally(Mutex<BTreeMap<String, u64>>);

impl Tally {
    pub fn count(&self, what: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(what.to_owned()).or_default() += 1;
    }

    /// Checks that many requests got data, and many others errors.
    pub fn report(&self, sent: u64) {
        let tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        eprintln!("{tally:#?}");
        for (what, least) in [("data", sent / 20), ("BAD_REQUEST", sent / 100), ("BAD_USER_INPUT", sent / 100)] {
            let count = tally.get(what).copied().unwrap_or_default();
            assert!(count >= least, "only {count} of {sent} were answered with {what}");
        }
    }

    /// Checks an answer, or its errors. Each error needs a code, and none may be an internal error.
    pub fn check(&self, answer: &Value) -> Result<(), Finding> {
        let errors = answer.as_array().or_else(|| answer["errors"].as_array());
        for error in errors.into_iter().flatten() {
            match error["extensions"]["code"].as_str() {
                Some("INTERNAL_SERVER_ERROR" | "SERVICE_UNAVAILABLE" | "OPERATION_TIMEOUT") | None => {
                    return Err(format!("{error:#}"));
                }
                Some(code) => self.count(code),
            }
        }
        if answer["data"].as_object().is_some_and(|data| data.values().any(|field| !field.is_null())) {
            self.count("data");
        }
        Ok(())
    }
}

/// Returns a finding with the request that caused it.
pub fn about(finding: &str, sent: &[u8]) -> Finding {
    format!("{finding:.2000}\nis the answer to\n{:.20000}", sent.escape_ascii().to_string())
}
