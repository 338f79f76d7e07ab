//! What is noted of a request or an operation while it runs, for the line that tells of it at the end.

use crate::{
    graphql::Code,
    viewer::{Member, Viewer},
};
use async_graphql::{Response, parser::types::OperationType};
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

/// What is known so far. Of several operations of one request, the first gives its name.
#[derive(Default)]
pub(super) struct Note {
    /// Of the request that it came by.
    id: OnceLock<String>,
    signed_in: AtomicBool,
    operation: OnceLock<(OperationType, Option<String>)>,
    who: OnceLock<(Uuid, Role)>,
    codes: Mutex<BTreeSet<String>>,
}

impl Note {
    /// Of the request with this id.
    pub(super) fn of(id: &str) -> Arc<Self> {
        Arc::new(Self { id: id.to_owned().into(), ..Self::default() })
    }

    /// It came by the request with this id; false when that is known already.
    pub(super) fn came_by(&self, id: &str) -> bool {
        self.id.set(id.to_owned()).is_ok()
    }

    pub(super) fn id(&self) -> &str {
        self.id.get().map_or("", String::as_str)
    }

    /// Somebody is signed in.
    pub(super) fn sign_in(&self) {
        self.signed_in.store(true, Ordering::Relaxed);
    }

    pub(super) fn signed_in(&self) -> bool {
        self.signed_in.load(Ordering::Relaxed)
    }

    pub(super) fn operation(&self, kind: OperationType, name: Option<String>) {
        let _ = self.operation.set((kind, name));
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

    /// What an operation of this request noted.
    pub(super) fn absorb(&self, operation: &Note) {
        if let Some(named) = operation.operation.get() {
            let _ = self.operation.set(named.clone());
        }
        if let Some(who) = operation.who.get() {
            let _ = self.who.set(*who);
        }
        operation.codes().iter().for_each(|code| self.code(code));
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
    if let Some(Member { organization, standing, .. }) = viewer.member() {
        // Outside a server, nothing is noted.
        let _ = NOTE.try_with(|note| note.who.set((*organization, standing.role())));
    }
}

/// The id of the request that this task answers.
pub fn id() -> String {
    NOTE.try_with(|note| note.id().to_owned()).unwrap_or_default()
}

/// The request is refused before it is executed.
pub fn refused(code: Code) {
    let _ = NOTE.try_with(|note| note.code(code.as_str()));
}
