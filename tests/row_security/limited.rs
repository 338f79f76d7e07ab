//! Sessions that lack a scope.

use super::{TestDatabase, read, viewers, write};
use std::collections::BTreeSet;

/// The tables of which a member sees no row without a scope.
const SCOPED: [&str; 15] = [
    "client",
    "conversation",
    "document",
    "document_version",
    "event",
    "invoice",
    "invoice_line",
    "membership",
    "membership_site",
    "message",
    "payment",
    "validation_comment",
    "validation_request",
    "validation_step",
    "validation_version",
];

#[tokio::test]
async fn rules_and_policies_agree_for_sessions_that_lack_a_scope() {
    let mut db = TestDatabase::prepare().await;
    db.cases = viewers::limited_cases(&db.owner).await;
    let all: BTreeSet<_> = read::tables().into_keys().collect();
    let shown = read::differences(&db, false, &all).await;
    assert!(shown.is_empty(), "{shown:#?}");
    let written = write::differences(&db, false, |_| true).await;
    assert!(written.is_empty(), "{written:#?}");

    // Imitates a mistake: the policies ignore the limits.
    db.as_owner("UPDATE session SET scopes = NULL").await;
    let found: BTreeSet<_> = read::differences(&db, false, &all).await.into_keys().collect();
    assert!(found.is_superset(&BTreeSet::from(SCOPED)), "unnoticed: {:?}", BTreeSet::from(SCOPED).difference(&found));
}
