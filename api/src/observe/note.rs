//! What is noted of a request or an operation while it runs, for the line that tells of it at the end.

use crate::error_code::Code;
use async_graphql::{Response, parser::types::OperationType};
use dossier_core::viewer::{Member, Viewer};
use entities::membership::Role;
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use uuid::Uuid;

tokio::task_local! {
    /// The note of what this task does: a request's, or an operation's on a socket.
    pub(super) static NOTE: Arc<Note>;
}

/// What is known so far.
#[derive(Default)]
pub(super) struct Note {
    /// Of the request that it came by.
    id: String,
    signed_in: AtomicBool,
    operation: OnceLock<(OperationType, Option<String>)>,
    who: OnceLock<(Uuid, Role)>,
    codes: Mutex<BTreeSet<String>>,
}

impl Note {
    /// Of the request with this id.
    pub(super) fn of(id: &str) -> Arc<Self> {
        Arc::new(Self { id: id.to_owned(), ..Self::default() })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Somebody is signed in.
    pub(super) fn sign_in(&self) {
        self.signed_in.store(true, Ordering::Relaxed);
    }

    pub(super) fn signed_in(&self) -> bool {
        self.signed_in.load(Ordering::Relaxed)
    }

    /// The kind as a word; none before the document is understood.
    pub(super) fn kind(&self) -> Option<&'static str> {
        self.operation.get().map(|(kind, _)| match kind {
            OperationType::Query => "query",
            OperationType::Mutation => "mutation",
            OperationType::Subscription => "subscription",
        })
    }

    pub(super) fn name(&self) -> Option<&str> {
        self.operation.get().and_then(|(_, name)| name.as_deref())
    }

    pub(super) fn organization(&self) -> Option<Uuid> {
        self.who.get().map(|(organization, _)| *organization)
    }

    pub(super) fn role(&self) -> Option<&'static str> {
        self.who.get().map(|(_, role)| match role {
            Role::Owner => "OWNER",
            Role::Operator => "OPERATOR",
            Role::Manager => "MANAGER",
            Role::Staff => "STAFF",
            Role::Client => "CLIENT",
        })
    }

    /// The codes of the errors, each once.
    pub(super) fn codes(&self) -> Vec<String> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(super) fn code(&self, code: &str) {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        if !codes.contains(code) {
            codes.insert(code.to_owned());
        }
    }

    /// Whether an error is not the caller's.
    pub(super) fn is_our_fault(&self) -> bool {
        let ours = [Code::InternalServerError.as_str(), Code::ServiceUnavailable.as_str()];
        self.codes().iter().any(|code| ours.contains(&code.as_str()))
    }

    pub(super) fn errors(&self, response: &Response) {
        for error in &response.errors {
            match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
                Some(async_graphql::Value::String(code)) => self.code(code),
                _ => self.code(Code::InternalServerError.as_str()),
            }
        }
    }
}

/// Whom the operation that runs speaks for: `auth` says so whenever it has read it.
pub fn viewer(viewer: &Viewer) {
    if let Some(Member { organization, grant, .. }) = viewer.member() {
        // Outside a server, nothing is noted.
        let _ = NOTE.try_with(|note| note.who.set((*organization, grant.role())));
    }
}

/// What the operation that runs is, once it may be executed.
pub fn understood(kind: OperationType, name: Option<&str>) {
    let _ = NOTE.try_with(|note| note.operation.set((kind, name.map(str::to_owned))));
}

/// The id of the request that this task answers.
pub fn id() -> String {
    NOTE.try_with(|note| note.id().to_owned()).unwrap_or_default()
}

/// The request is refused before it is executed.
pub fn refused(code: Code) {
    let _ = NOTE.try_with(|note| note.code(code.as_str()));
}
